// One command: opens, sends one message, closes. Prints the longest wait for the write lock, in milliseconds.
import { openManager } from './open-manager.mjs'

const [dataDir, workstream, content] = process.argv.slice(2)
let longest = 0
const manager = await openManager(dataDir, {
  watchLock: (ms) => {
    longest = Math.max(longest, ms)
  },
})
const { id } = await manager.sendMessage({ workstream, content })
await manager.close()
console.log(JSON.stringify({ id, longest }))
