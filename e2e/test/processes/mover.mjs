// Forks, purges, restores and empties the trash until it is killed, beside others that do the same.
import { openManager } from './open-manager.mjs'

const [dataDir] = process.argv.slice(2)
const manager = await openManager(dataDir)
// What another one has just moved away, or put back, is nobody's fault.
const fine = ['WORKSTREAM_NOT_FOUND', 'TRASH_ENTRY_NOT_FOUND', 'RESTORE_CONFLICT', 'WORKSTREAM_EXISTS']

async function attempt(work) {
  try {
    await work()
  } catch (error) {
    if (!fine.includes(error.code)) throw error
  }
}

process.on('unhandledRejection', (error) => {
  console.error(error)
  process.exit(1)
})
for (let n = 0; ; n++) {
  const id = `copy-${n % 3}`
  await attempt(() => manager.forkWorkstream('original', { id }))
  await attempt(() => manager.sendMessage({ workstream: id, content: 'on' }))
  if (n === 0) process.send('moving')
  await attempt(() => manager.purgeWorkstream(id))
  if (n % 2 === 0) await attempt(() => manager.restoreFromTrash(id))
  else if (n % 5 === 0) await manager.emptyTrash()
  await manager.listWorkstreams({ limit: 10 })
}
