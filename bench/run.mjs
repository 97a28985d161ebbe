// `npm run bench`: measures and writes docs/benchmarks.md. Figures are of one run on one machine.
// `npm run bench -- [--small] [name …]` only prints; --small takes a fiftieth, to see that it works.
import { execSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { measureAppend } from './measure/append.mjs'
import { measureContext } from './measure/context.mjs'
import { measureFlat } from './measure/flat.mjs'
import { measureLargeLog } from './measure/large-log.mjs'
import { measureManyWorkstreams } from './measure/many-workstreams.mjs'
import { measureRecall } from './measure/recall.mjs'
import { measureRecallSpeed } from './measure/recall-speed.mjs'
import { measureRetentionOfSummaries } from './measure/retention.mjs'
import { measureSearch } from './measure/search.mjs'
import { measureServer } from './measure/server.mjs'
import { measureSoak, measureSockets } from './measure/server-sockets.mjs'

const all = {
  append: measureAppend,
  flat: measureFlat,
  'large-log': measureLargeLog,
  'many-workstreams': measureManyWorkstreams,
  search: measureSearch,
  context: measureContext,
  retention: measureRetentionOfSummaries,
  server: measureServer,
  'server-sockets': measureSockets,
  'server-soak': measureSoak,
  recall: measureRecall,
  'recall-speed': measureRecallSpeed,
}
const args = process.argv.slice(2)
const wanted = args.filter((arg) => arg !== '--small')
const scale = args.includes('--small') ? 0.02 : 1
const names = wanted.length > 0 ? wanted : Object.keys(all)
const sections = []
for (const name of names) {
  const measure = all[name]
  if (measure === undefined) throw new Error(`no benchmark ${name}; there are ${Object.keys(all).join(', ')}`)
  const rows = await measure({ scale })
  console.table(rows, ['name', 'value', 'limit', 'ratio', 'goal'])
  sections.push(table(name, rows))
}
if (args.length === 0) {
  const file = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
  writeFileSync(file, page(sections))
  console.log(`written: ${file}`)
}

function table(name, rows) {
  const cells = ({ name: what, value = '', limit = '', ratio = '', goal = '' }) =>
    `| ${what} | ${value} | ${limit} | ${ratio} | ${goal} |`
  const measured = new Map()
  for (const row of rows) measured.set(row.how, [...(measured.get(row.how) ?? []), row.name])
  const how = [...measured].map(([text, of]) => `- ${of.join('; ')}: ${text}`)
  return `## ${name}\n\n| what | measured | limit, same run | ratio | goal |\n|---|---|---|---|---|\n${rows.map(cells).join('\n')}\n\nHow it is measured:\n\n${how.join('\n')}\n`
}

function page(parts) {
  const commit = execSync('git rev-parse --short HEAD', { encoding: 'utf8' }).trim()
  const [cpu] = cpus()
  const machine = `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`
  return `# Benchmarks\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}, on ${machine}.\n\nThe machine is shared and noisy: read the ratios, which were measured in turns within one run, rather than the absolute figures. A limit is what the same machine does in the same run with nothing but the bare calls; the ratio is how much of it the product reaches: the median of the rounds, and in brackets the least and the greatest. Messages are about 900 bytes a line; every append is on disk (fdatasync) before it counts.\n\n${parts.join('\n')}`
}
