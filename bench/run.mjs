// `npm run bench [-- name …]`: measures and writes docs/benchmarks.md. Figures are of one run on one machine.
import { execSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { measureAppend } from './measure/append.mjs'
import { measureFlat } from './measure/flat.mjs'
import { measureLargeLog } from './measure/large-log.mjs'
import { measureManyWorkstreams } from './measure/many-workstreams.mjs'

const all = {
  append: measureAppend,
  flat: measureFlat,
  'large-log': measureLargeLog,
  'many-workstreams': measureManyWorkstreams,
}
const wanted = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : Object.keys(all)
const sections = []
for (const name of names) {
  const measure = all[name]
  if (measure === undefined) throw new Error(`no benchmark ${name}; there are ${Object.keys(all).join(', ')}`)
  const rows = await measure()
  console.table(rows)
  sections.push(table(name, rows))
}
if (wanted.length === 0) {
  const file = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
  writeFileSync(file, page(sections))
  console.log(`written: ${file}`)
}

function table(name, rows) {
  const cells = ({ name: what, value = '', limit = '', ratio = '', goal = '' }) =>
    `| ${what} | ${value} | ${limit} | ${ratio} | ${goal} |`
  return `## ${name}\n\n| what | measured | the machine's limit, same run | ratio | goal |\n|---|---|---|---|---|\n${rows.map(cells).join('\n')}\n`
}

function page(parts) {
  const commit = execSync('git rev-parse --short HEAD', { encoding: 'utf8' }).trim()
  const [cpu] = cpus()
  const machine = `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`
  return `# Benchmarks\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}, on ${machine}.\n\nThe machine is shared and noisy: read the ratios, which were measured in turns within one run, rather than the absolute figures. Messages are about 900 bytes a line; every append is on disk (fdatasync) before it counts.\n\n${parts.join('\n')}`
}
