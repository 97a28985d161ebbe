import { WorkstreamError } from '@arawn/core/error'
import type { InteractionId, WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Turn } from '@arawn/core/turn'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { ChatTurn } from '@arawn/core/turn-operations'
import { turnEndEvents } from '@arawn/core/workstream-event'
import type { IndexReader } from '@arawn/core/workstream-index'
import { readTurnMessages } from '../reading/read-turn-messages.js'
import { createTurnStream } from './turn-stream.js'

/** A turn as the log tells of it: one that is over, or that runs in another process and is told as far as it came. */
export async function pastTurn(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  interactionId: InteractionId,
): Promise<ChatTurn> {
  const turn = await rows.turn(workstreamId, interactionId)
  const [message, ...answers] = turn === undefined ? [] : await readTurnMessages({ rows, log }, turn)
  if (turn === undefined || message === undefined)
    throw new WorkstreamError('TURN_NOT_FOUND', `workstream ${workstreamId} has no turn ${interactionId}`, {
      workstreamId,
      interactionId,
    })
  const stream = createTurnStream()
  stream.tell({ type: 'turn.started', interaction_id: interactionId, message })
  for (const answer of answers) {
    if (answer.role === 'assistant') stream.tell({ type: 'turn.delta', text: answer.content })
    stream.tell({ type: 'message.created', message: answer })
  }
  // One that runs elsewhere has not ended, well or badly.
  if (turn.status !== 'running') stream.tell(endEvent(turn))
  stream.end()
  return {
    workstream_id: workstreamId,
    session_id: turn.session_id,
    interaction_id: interactionId,
    message,
    events: stream.read,
    ended: Promise.resolve(turn),
    cancel: () => {},
  }
}

export function endEvent(turn: Turn): TurnEvent {
  return { type: turn.status === 'running' ? 'turn.failed' : turnEndEvents[turn.status], turn }
}
