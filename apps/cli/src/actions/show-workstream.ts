import { type Desk, withManager } from '../command.js'
import { workstreamCard } from '../terminal/workstream-card.js'

export async function showWorkstream(desk: Desk, [ref]: [ref: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const found = await manager.getWorkstream(ref)
    if (desk.json) return desk.printJson(found)
    return desk.print(workstreamCard(found, desk.world.now()))
  })
}
