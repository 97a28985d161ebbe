import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { sessionCard } from '../terminal/session-card.js'

export async function showSession(desk: Desk, [ref, sessionId]: [ref: string, session?: string]): Promise<void> {
  await withManager(desk, async (manager) => {
    const found = sessionId === undefined ? await latest(manager, ref) : await manager.getSession(ref, sessionId)
    if (found === undefined) return desk.json ? undefined : desk.print('No sessions.')
    if (desk.json) return desk.printJson(found)
    return desk.print(sessionCard(found, desk.world.now()))
  })
}

/** The active one; else the one that was opened last. */
async function latest(manager: WorkstreamManager, ref: string) {
  const { id, active_session } = await manager.getWorkstream(ref)
  if (active_session !== null) return active_session
  return (await manager.listSessions(id, { limit: 1, newestFirst: true })).items[0]
}
