import type { InteractionId, WorkstreamId } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { IndexReader } from '@arawn/core/workstream-index'

/** Turns among these messages that did not end well: what they lack is told to the model. */
export async function readBrokenTurns(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  messages: readonly Message[],
): Promise<Map<InteractionId, 'error' | 'cancelled' | 'interrupted'>> {
  const broken = new Map<InteractionId, 'error' | 'cancelled' | 'interrupted'>()
  for (const { role, interaction_id } of messages) {
    if (role !== 'user' || interaction_id === undefined) continue
    const status = (await rows.turn(workstreamId, interaction_id))?.status
    if (status === 'error' || status === 'cancelled' || status === 'interrupted') broken.set(interaction_id, status)
  }
  return broken
}
