// Sixteen senders flat out on one workstream, until its parent says stop; then it says how much it sent, and when it was
// given the write lock, in milliseconds since 1970.
import { openManager } from './open-manager.mjs'

const [dataDir, workstream] = process.argv.slice(2)
const turnsMs = []
const manager = await openManager(dataDir, {
  watchLock: async (wait) => {
    const writer = await wait()
    turnsMs.push(performance.timeOrigin + performance.now())
    return writer
  },
})
let running = true
process.on('message', () => {
  running = false
})
process.on('disconnect', () => process.exit(1))
let sent = 0
await Promise.all(
  Array.from({ length: 16 }, async (_, sender) => {
    while (running) {
      await manager.sendMessage({ workstream, content: `${process.pid} ${sender} ${sent}` })
      if (sent++ === 0) process.send('at work')
    }
  }),
)
await manager.close()
process.send({ sent, turnsMs })
process.disconnect()
