// Sixteen senders flat out on one workstream, until its parent says stop; then it prints how much it did.
import { openManager } from './open-manager.mjs'

const [dataDir, workstream] = process.argv.slice(2)
const manager = await openManager(dataDir)
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
process.send({ sent })
process.disconnect()
