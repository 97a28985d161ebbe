// One command: opens, sends one message, closes. Prints its waits for the write lock: when it asked and when it was given
// it, in milliseconds since 1970.
import { openManager } from './open-manager.mjs'

const [dataDir, workstream, content] = process.argv.slice(2)
const nowMs = () => performance.timeOrigin + performance.now()
const waits = []
const manager = await openManager(dataDir, {
  watchLock: async (wait) => {
    const askedMs = nowMs()
    const writer = await wait()
    waits.push({ askedMs, givenMs: nowMs() })
    return writer
  },
})
await manager.sendMessage({ workstream, content })
await manager.close()
console.log(JSON.stringify(waits))
