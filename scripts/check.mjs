// Everything besides the tests that must hold: `npm run check`. Stops at the first failure and says what it was.
import { spawnSync } from 'node:child_process'
import { root, toolEnv } from './pnpm.mjs'

const bin = (name) => `node_modules/.bin/${name}`
const steps = [
  ['install what is missing, build, typecheck', process.execPath, ['scripts/setup.mjs', 'build', 'typecheck']],
  ['format and lint (biome)', bin('biome'), ['check', '.', '--error-on-warnings']],
  ['export maps equal the files', process.execPath, ['scripts/exports.mjs', '--check']],
  [
    'floors (dependency-cruiser)',
    bin('depcruise'),
    ['packages', 'apps', 'e2e', 'bench', '--config', '.dependency-cruiser.cjs'],
  ],
  ['floors are really guarded', process.execPath, ['scripts/check-floors-guard.mjs']],
  ['nothing unused (knip)', bin('knip'), []],
  ['packed packages (publint, attw)', process.execPath, ['scripts/check-packages.mjs']],
]

for (const [name, command, args] of steps) {
  console.log(`\n── ${name}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: toolEnv() })
  if (status !== 0) {
    console.error(`\ncheck failed: ${name}`)
    process.exit(1)
  }
}
console.log('\nAll checks passed.')
