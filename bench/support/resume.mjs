// Run as a process of its own: opens a data dir, reads pages of one workstream, prints what it took.
import { openManager } from './data-dir.mjs'

const [dir, workstream] = process.argv.slice(2)
const timed = async (work) => {
  const started = performance.now()
  await work()
  return performance.now() - started
}
let manager
const resumeMs = await timed(async () => {
  manager = await openManager(dir)
  await manager.listMessages(workstream, { limit: 50 })
})
const lastMs = await timed(() => manager.listMessages(workstream, { limit: 50 }))
const middleMs = await timed(() => manager.listMessages(workstream, { limit: 50, after: 500_000 }))
const rssMb = process.memoryUsage().rss / 1e6
await manager.close()
console.log(JSON.stringify({ resumeMs, lastMs, middleMs, rssMb }))
