// `npm run bench`: measures and writes docs/benchmarks.md. Figures are of one run on one machine.
// `npm run bench -- [--small] [--write] [name …]` only prints, unless it is told to write the sections of these names;
// --small takes a fiftieth, to see that it works.
import { fileURLToPath } from 'node:url'
import { measureAppend } from './measure/append.mjs'
import { measureContext } from './measure/context.mjs'
import { measureFlat } from './measure/flat.mjs'
import { measureLargeLog } from './measure/large-log.mjs'
import { measureManyWorkstreams } from './measure/many-workstreams.mjs'
import { measureRecall } from './measure/recall.mjs'
import { measureRecallBySearch } from './measure/recall-search.mjs'
import { measureRecallSpeed } from './measure/recall-speed.mjs'
import { measureRecallOfTranscripts } from './measure/recall-transcripts.mjs'
import { measureRecallWithModel } from './measure/recall-with-model.mjs'
import { measureRetentionOfSummaries } from './measure/retention.mjs'
import { measureSearch } from './measure/search.mjs'
import { measureServer } from './measure/server.mjs'
import { measureSoak, measureSockets } from './measure/server-sockets.mjs'
import { writeBenchmarks } from './support/benchmarks-page.mjs'

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
  'recall-search': measureRecallBySearch,
  'recall-speed': measureRecallSpeed,
  'recall-transcripts': measureRecallOfTranscripts,
  'recall-with-model': measureRecallWithModel,
}
const args = process.argv.slice(2)
const wanted = args.filter((arg) => !arg.startsWith('--'))
const scale = args.includes('--small') ? 0.02 : 1
const measured = new Map()
for (const name of wanted.length > 0 ? wanted : Object.keys(all)) {
  const measure = all[name]
  if (measure === undefined) throw new Error(`no benchmark ${name}; there are ${Object.keys(all).join(', ')}`)
  const rows = await measure({ scale })
  console.table(rows, ['name', 'value', 'limit', 'ratio', 'goal'])
  measured.set(name, rows)
}
if (args.length === 0 || args.includes('--write')) {
  const file = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
  writeBenchmarks(file, measured, Object.keys(all))
  console.log(`written: ${file}`)
}
