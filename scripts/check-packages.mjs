// Packs every public package as it would be published and lets publint and attw look at the tarballs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePnpm, pnpmCli, root, toolEnv } from './pnpm.mjs'

ensurePnpm()
const out = mkdtempSync(join(tmpdir(), 'arawn-pack-'))
let failed = false

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: toolEnv(),
    ...options,
  })
  if (status !== 0) {
    failed = true
    console.error(`${stdout}${stderr}`)
  }
  return stdout
}

const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(parent, name)),
)
try {
  for (const folder of folders) {
    const file = join(root, folder, 'package.json')
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    if (manifest.private === true) continue
    const target = join(out, folder.replace('/', '-'))
    run(process.execPath, [pnpmCli, 'pack', '--pack-destination', target], { cwd: join(root, folder) })
    const tarball = join(target, readdirSync(target)[0])
    const files = run('tar', ['-tzf', tarball]).split('\n')
    for (const wanted of ['package/README.md', 'package/LICENSE'])
      if (!files.includes(wanted)) {
        failed = true
        console.error(`${manifest.name}: ${wanted} is missing from the tarball`)
      }
    if (files.some((name) => name.startsWith('package/src/'))) {
      failed = true
      console.error(`${manifest.name}: the tarball holds sources`)
    }
    run(join(root, 'node_modules/.bin/publint'), ['--strict', tarball])
    // An app has no types to import.
    if (manifest.exports !== undefined)
      run(join(root, 'node_modules/.bin/attw'), [
        tarball,
        '--profile',
        'esm-only',
        '--quiet',
        '--exclude-entrypoints',
        './package.json',
      ])
    console.log(`${manifest.name}: ${files.length - 1} files`)
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
if (failed) process.exit(1)
