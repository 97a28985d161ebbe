// Follows from the beginning, slowly, for a number of messages. Prints how many it got, in order, and its largest heap.
import { openManager } from './open-manager.mjs'

const [dataDir, count] = process.argv.slice(2)
const manager = await openManager(dataDir)
let messages = 0
let inOrder = true
let last = 0
let heapBytes = 0
const stayAlive = setInterval(() => {}, 1_000)
for await (const event of manager.subscribe({ since: 0 })) {
  inOrder &&= event.stamp > last
  last = event.stamp
  if (event.type !== 'message.created') continue
  if (messages % 200 === 0) {
    heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (++messages === Number(count)) break
}
clearInterval(stayAlive)
await manager.close()
console.log(JSON.stringify({ messages, inOrder, heapBytes }))
