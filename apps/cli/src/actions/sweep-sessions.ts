import { type Desk, withManager } from '../command.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'

export async function sweepSessions(desk: Desk): Promise<void> {
  await withManager(desk, async (manager) => {
    const ended = await manager.sweepIdleSessions()
    if (desk.json) return desk.printJson(...ended)
    for (const { id, workstream_id, message_count } of ended)
      await desk.print(printableLine(`ended ${id} of ${workstream_id}, ${counted(message_count, 'message')}`))
    if (ended.length === 0) await desk.print('No session was idle.')
  })
}
