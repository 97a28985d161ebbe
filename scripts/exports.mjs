// Keeps each package's export map equal to its files in src/: every file there is public, nothing else is.
// `node scripts/exports.mjs` writes, `--check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const check = process.argv.includes('--check')
let stale = false
for (const name of readdirSync('packages')) {
  const folder = join('packages', name)
  const file = join(folder, 'package.json')
  if (!existsSync(file) || !existsSync(join(folder, 'src'))) continue
  const text = readFileSync(file, 'utf8')
  const manifest = JSON.parse(text)
  const modules = readdirSync(join(folder, 'src'))
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => entry.slice(0, -3))
    .sort()
  const built = (module) => ({ types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` })
  const published = Object.fromEntries(modules.map((module) => [`./${module}`, built(module)]))
  manifest.exports = {
    ...Object.fromEntries(
      modules.map((module) => [`./${module}`, { 'arawn-source': `./src/${module}.ts`, ...built(module) }]),
    ),
    './package.json': './package.json',
  }
  if (manifest.private !== true)
    manifest.publishConfig = { access: 'public', exports: { ...published, './package.json': './package.json' } }
  const wanted = `${JSON.stringify(manifest, undefined, 2)}\n`
  if (wanted === text) continue
  stale = true
  if (check) console.error(`${file}: the export map differs from src/; run: node scripts/exports.mjs`)
  else writeFileSync(file, wanted)
}
if (check && stale) process.exit(1)
