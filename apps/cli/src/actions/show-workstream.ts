import { type Desk, withManager } from '../command.js'
import { turnFailure } from '../terminal/turn-failure.js'
import { workstreamCard } from '../terminal/workstream-card.js'

export async function showWorkstream(desk: Desk, [ref]: [ref: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const found = await manager.getWorkstream(ref)
    if (desk.json) return desk.printJson(found)
    const [failed] = await manager.listFailedTurns(ref, { limit: 1 })
    // What has been answered since is no news.
    const isLast = failed !== undefined && (failed.ended_at ?? '') >= (found.last_message_at ?? '')
    const card = workstreamCard(found, desk.world.now())
    return desk.print(isLast ? `${card}\n${'last turn'.padEnd(10)}${turnFailure(failed)}` : card)
  })
}
