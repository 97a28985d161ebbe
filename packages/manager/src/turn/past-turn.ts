import { WorkstreamError } from '@arawn/core/error'
import type { InteractionId, WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { ChatTurn } from '../chat.js'
import { readMessages } from '../reading/read-messages.js'
import { createTurnStream } from './turn-stream.js'

/** A turn as the log tells of it: one that is over, or that runs in another process and is told as far as it came. */
export async function pastTurn(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  interactionId: InteractionId,
): Promise<ChatTurn> {
  const turn = await rows.turn(workstreamId, interactionId)
  const first = turn && (await rows.message(workstreamId, turn.message_id))
  if (turn === undefined || first === undefined)
    throw new WorkstreamError('TURN_NOT_FOUND', `workstream ${workstreamId} has no turn ${interactionId}`, {
      workstreamId,
      interactionId,
    })
  const [message, ...answers] = await messagesOf({ rows, log }, turn, first.sequence)
  if (message === undefined) throw new Error(`the message of turn ${interactionId} cannot be read`)
  const stream = createTurnStream()
  stream.tell({ type: 'turn.started', interaction_id: interactionId, message })
  for (const answer of answers) {
    if (answer.role === 'assistant') stream.tell({ type: 'turn.delta', text: answer.content })
    stream.tell({ type: 'message.created', message: answer })
  }
  stream.tell(endEvent(turn))
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
  const { status } = turn
  if (status === 'ok') return { type: 'turn.completed', turn }
  return { type: status === 'cancelled' ? 'turn.cancelled' : 'turn.failed', turn }
}

const PAGE = 200

/** Its own message and all that answers it. Pushes may stand in between; the next turn is behind it. */
async function messagesOf(
  { rows, log }: { rows: IndexReader; log: LogStore },
  { workstream_id: workstreamId, interaction_id }: Turn,
  firstSequence: number,
): Promise<Message[]> {
  const found: Message[] = []
  for (let after = firstSequence - 1; ; ) {
    const page = await rows.messages({ workstreamId, after, limit: PAGE, includePromoted: true })
    for (const message of await readMessages(log, workstreamId, page.items)) {
      if (message.interaction_id === interaction_id) found.push(message)
      else if (message.role === 'user') return found
    }
    const last = page.items.at(-1)
    if (!page.hasMore || last === undefined) return found
    after = last.sequence
  }
}
