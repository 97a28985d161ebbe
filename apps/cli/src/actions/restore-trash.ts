import { type Desk, withManager } from '../command.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'

export async function restoreTrash(desk: Desk, [entry]: [entry: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const restored = await manager.restoreFromTrash(entry)
    if (desk.json) return desk.printJson(restored)
    return desk.print(`restored ${restored.id}  ${printableLine(titleOf(restored))}`)
  })
}
