/**
 * A turn: a user's message, or the results of calls that the caller has run, and all that answers it.
 *
 * ```
 *  start ──► user message, turn_started ──► answers, calls and results as they come ──► turn_ended
 *                                    └── its process dies ──► closed as interrupted by whoever comes next
 * ```
 */

import { WorkstreamError } from '@arawn/core/error'
import type { InteractionId, SessionId } from '@arawn/core/id'
import type { MessageRecord } from '@arawn/core/record'
import type { Turn, TurnEnd } from '@arawn/core/turn'
import type { DecidedRecord, DecisionContext } from './decision.js'
import { errorWords } from './error-words.js'
import { decideMessage, decidePlace, type NewMessage, type SendState } from './message-decisions.js'
import type { SessionPolicy } from './session-decisions.js'

export interface StartState extends SendState {
  readonly running: Turn | undefined
  /** Whether the process that began the running turn is dead. */
  readonly isOwnerDead: boolean
}

/** What a turn begins with. */
export interface TurnOpening {
  /** What was said before it and is not in the log yet: no part of the turn. */
  readonly before: readonly NewMessage[]
  /** What the model answers. The first one names the turn, and carries its idempotency key. */
  readonly messages: readonly [NewMessage, ...NewMessage[]]
}

/**
 * @returns `messages`: those of the turn, in order
 * @throws WORKSTREAM_BUSY | WORKSTREAM_ARCHIVED
 */
export function decideTurnStart(
  { running, isOwnerDead, ...state }: StartState,
  { opening, owner }: { opening: TurnOpening; owner: string },
  policy: SessionPolicy,
  context: DecisionContext,
): { records: DecidedRecord[]; messages: [MessageRecord, ...MessageRecord[]]; interactionId: InteractionId } {
  if (running !== undefined && !isOwnerDead) throw workstreamBusy(running)
  const dead = running === undefined ? [] : [decideTurnEnd(running, { status: 'interrupted' }, context)]
  const interactionId = context.ids.next('int')
  const { records: joining, sessionId } = decidePlace(state, policy, context)
  const said = (message: NewMessage) => decideMessage(message, sessionId, context)
  const before = opening.before.map(said)
  const [first, ...more] = opening.messages
  const begins = said({ ...first, interaction_id: interactionId })
  const messages: [MessageRecord, ...MessageRecord[]] = [
    begins,
    ...more.map((message) => said({ ...message, interaction_id: interactionId })),
  ]
  const started: DecidedRecord = {
    log: 'sessions',
    record: {
      v: 1,
      stamp: context.nextStamp(),
      type: 'turn_started',
      interaction_id: interactionId,
      session_id: sessionId,
      message_id: begins.id,
      timestamp: context.timestamp,
      owner,
    },
  }
  const lines = [...before, ...messages].map((record): DecidedRecord => ({ log: 'messages', record }))
  return { records: [...dead, ...joining, ...lines, started], messages, interactionId }
}

/** What came in a turn: it stays in the session in which the turn began, whatever became of that since. */
export function decideTurnMessages(
  { interaction_id, session_id }: { interaction_id: InteractionId; session_id: SessionId },
  messages: readonly Omit<NewMessage, 'interaction_id'>[],
  { nextStamp, ids, timestamp }: DecisionContext,
): MessageRecord[] {
  return messages.map(({ role, content, metadata }) => ({
    v: 1,
    stamp: nextStamp(),
    id: ids.next('msg'),
    session_id,
    timestamp,
    role,
    content,
    interaction_id,
    ...(metadata !== undefined && { metadata }),
  }))
}

export interface TurnEnding {
  readonly status: TurnEnd
  readonly model?: string | undefined
  readonly usage?: Record<string, number> | undefined
  /** Null when it is not known. */
  readonly costUsd?: number | null | undefined
  readonly error?: unknown
}

export function decideTurnEnd(
  { interaction_id, session_id }: Pick<Turn, 'interaction_id' | 'session_id'>,
  { status, model, usage, costUsd = null, error }: TurnEnding,
  { nextStamp, timestamp }: DecisionContext,
): DecidedRecord {
  const words = errorWords(error)
  return {
    log: 'sessions',
    record: {
      v: 1,
      stamp: nextStamp(),
      type: 'turn_ended',
      interaction_id,
      session_id,
      timestamp,
      status,
      ...(model !== undefined && { model }),
      ...(usage !== undefined && { usage }),
      ...(costUsd !== null && { cost_usd: costUsd }),
      ...(error !== undefined && { error: error instanceof WorkstreamError ? error.code : 'INTERNAL' }),
      ...(words !== undefined && { error_message: words }),
    },
  }
}

export function workstreamBusy({
  workstream_id: workstreamId,
  interaction_id: interactionId,
}: Pick<Turn, 'workstream_id' | 'interaction_id'>): WorkstreamError<'WORKSTREAM_BUSY'> {
  return new WorkstreamError('WORKSTREAM_BUSY', `another turn runs in ${workstreamId}`, { workstreamId, interactionId })
}
