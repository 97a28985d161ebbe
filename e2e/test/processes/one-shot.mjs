// One command: opens, sends one message, closes. Prints the longest wait for the write lock: how many milliseconds, and
// how many bytes others wrote to a busy workstream meanwhile.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openManager } from './open-manager.mjs'

const [dataDir, workstream, content, busy] = process.argv.slice(2)
const busyBytes = () => statSync(join(dataDir, 'workstreams', busy, 'messages.jsonl')).size
let waitedMs = 0
let passedBytes = 0
const manager = await openManager(dataDir, {
  watchLock: async (wait) => {
    const [startedMs, startedBytes] = [performance.now(), busyBytes()]
    const writer = await wait()
    waitedMs = Math.max(waitedMs, performance.now() - startedMs)
    passedBytes = Math.max(passedBytes, busyBytes() - startedBytes)
    return writer
  },
})
await manager.sendMessage({ workstream, content })
await manager.close()
console.log(JSON.stringify({ waitedMs, passedBytes }))
