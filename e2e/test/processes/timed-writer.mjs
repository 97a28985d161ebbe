// Sends messages one after the other, each saying when it was sent: milliseconds since 1970.
import { openManager } from './open-manager.mjs'

const [dataDir, workstream, count, everyMs] = process.argv.slice(2)
const manager = await openManager(dataDir)
for (let n = 0; n < Number(count); n++) {
  await manager.sendMessage({ workstream, content: String(performance.timeOrigin + performance.now()) })
  await new Promise((resolve) => setTimeout(resolve, Number(everyMs) * (0.5 + Math.random())))
}
await manager.close()
