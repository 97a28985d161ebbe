// A process of its own that assembles contexts of one workstream again and again: how long it takes, and its memory.
import { openManager } from './data-dir.mjs'
import { silentModels } from './silent-models.mjs'

const [dataDir, workstream, times] = process.argv.slice(2)
const manager = await openManager(dataDir, { turns: silentModels() })
const started = performance.now()
const { tokens } = await manager.explainContext(workstream, { message: 'Where were we?' })
const firstMs = performance.now() - started
const took = []
for (let n = 0; n < Number(times); n++) {
  const begun = performance.now()
  await manager.explainContext(workstream, { message: `And what of part ${n}?` })
  took.push(performance.now() - begun)
}
const rssMb = process.resourceUsage().maxRSS / 1024
await manager.close()
process.stdout.write(JSON.stringify({ firstMs, took, rssMb, tokens }))
