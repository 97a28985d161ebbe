// Installs when something changed, then runs the turbo tasks named on the command line. `npm start` and `npm test` call it.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, root } from './pnpm.mjs'

const stampFile = join(root, 'node_modules', '.setup-stamp.json')
const hash = createHash('sha256')
for (const f of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, f)))
const now = {
  hash: hash.digest('hex'),
  abi: `${process.platform}-${process.arch}-${process.versions.modules}`,
}
const old = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {}

if (old.hash !== now.hash || old.abi !== now.abi) {
  // pnpm says "Already up to date" when only the Node version changed. Forgetting what is installed makes it link
  // everything again, and take the native build for this Node from its store when it made one before.
  if (old.abi && old.abi !== now.abi) {
    for (const f of ['.pnpm', '.modules.yaml', '.pnpm-workspace-state-v1.json'])
      rmSync(join(root, 'node_modules', f), { recursive: true, force: true })
  }
  const code = pnpm(['install', '--frozen-lockfile', '--prefer-offline'])
  if (code !== 0) process.exit(code)
  writeFileSync(stampFile, JSON.stringify(now))
}

const tasks = process.argv.slice(2)
if (tasks.length > 0) process.exit(pnpm(['exec', 'turbo', 'run', ...tasks, '--output-logs=new-only']))
