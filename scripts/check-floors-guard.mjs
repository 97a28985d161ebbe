// A guard that finds nothing proves nothing: plants forbidden imports and expects each to be found.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './pnpm.mjs'

const plants = [
  {
    file: 'packages/engine/src/planted-violation.ts',
    code: "import '../../manager/src/create-workstream-manager.js'",
    rule: 'engine-knows-core-only',
  },
  { file: 'packages/core/src/planted-violation.ts', code: "import 'node:fs'", rule: 'core-and-engine-do-no-io' },
  {
    file: 'packages/manager/src/planted-violation.ts',
    code: "import '@arawn/jsonl-store/jsonl-log-store'",
    rule: 'manager-names-no-adapter',
  },
  { file: 'packages/client/src/planted-violation.ts', code: "import 'node:fs'", rule: 'client-runs-in-browsers' },
  { file: 'packages/llm/src/planted-violation.ts', code: "import '../../config/src/setting.js'", rule: 'llm-alone' },
]

let failed = false
try {
  for (const { file, code } of plants) writeFileSync(join(root, file), `${code}\n`)
  const folders = plants.map(({ file }) => file)
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    [...folders, '--config', '.dependency-cruiser.cjs'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  for (const { file, rule } of plants) {
    const found = stdout.split('\n').some((line) => line.includes(rule) && line.includes(file))
    if (!found) {
      failed = true
      console.error(`not found: ${rule} in ${file}\n${stdout}`)
    }
  }
} finally {
  for (const { file } of plants) rmSync(join(root, file), { force: true })
}
if (failed) process.exit(1)
console.log(`${plants.length} planted violations were found.`)
