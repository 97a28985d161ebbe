import { type Desk, withManager } from '../command.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'

export async function endSession(desk: Desk, [ref, session]: [ref: string, session?: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const ended = await manager.endSession(ref, session)
    if (desk.json) return desk.printJson(ended)
    const { id, message_count, turn_count } = ended
    return desk.print(
      printableLine(`ended ${id}, ${counted(message_count, 'message')} in ${counted(turn_count, 'turn')}`),
    )
  })
}
