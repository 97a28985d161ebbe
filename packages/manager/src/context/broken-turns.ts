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
  const asked = new Set<InteractionId>()
  for (const { role, interaction_id } of messages) {
    // A turn begins with one of these.
    if ((role !== 'user' && role !== 'tool_result') || interaction_id === undefined || asked.has(interaction_id))
      continue
    asked.add(interaction_id)
    const status = (await rows.turn(workstreamId, interaction_id))?.status
    if (status === 'error' || status === 'cancelled' || status === 'interrupted') broken.set(interaction_id, status)
  }
  return broken
}
