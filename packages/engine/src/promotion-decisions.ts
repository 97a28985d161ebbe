import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID, type SessionId, type WorkstreamId } from '@arawn/core/id'
import type { Idempotency, Message } from '@arawn/core/message'
import type { MessageRecord } from '@arawn/core/record'
import type { Workstream } from '@arawn/core/workstream'
import { coverageOf } from './coverage.js'
import type { DecidedRecord, DecisionContext } from './decision.js'
import { type ActiveSession, closeSession } from './session-decisions.js'
import { decideCreate } from './workstream-decisions.js'

/**
 * A promotion moves messages out of scratch. It writes to two workstreams, so it keeps a journal in scratch:
 *
 *     promotion_started (scratch) -> copies (target) -> promotion_completed (scratch), which hides them there
 *
 * Whoever finds one that was started and not completed does the rest. Every step may be done again.
 */
export interface PromotionStart {
  readonly targetId: WorkstreamId
  /** For a target that is to be made. */
  readonly targetTitle?: string | undefined
  /** Of the messages to move, ascending. */
  readonly sequences: readonly number[]
  readonly idempotency?: Idempotency | undefined
}

export function decidePromotionStart(
  { targetId, targetTitle, sequences, idempotency }: PromotionStart,
  { ids, nextStamp, timestamp }: DecisionContext,
): { records: DecidedRecord[]; id: string; coverage: Coverage } {
  if (sequences.length === 0)
    throw new WorkstreamError('NOTHING_TO_PROMOTE', 'there is nothing left in scratch of what should be moved', {
      workstreamId: SCRATCH_ID,
    })
  const id = ids.next('pro')
  const coverage = coverageOf(sequences)
  return {
    id,
    coverage,
    records: [
      {
        log: 'sessions',
        record: {
          v: 1,
          stamp: nextStamp(),
          type: 'promotion_started',
          timestamp,
          id,
          target_id: targetId,
          ...(targetTitle !== undefined && { target_title: targetTitle }),
          coverage,
          ...(idempotency !== undefined && { idempotency }),
        },
      },
    ],
  }
}

export interface CopyState {
  readonly targetId: WorkstreamId
  readonly targetTitle: string | null
  /** undefined: it is made. */
  readonly target: Workstream | undefined
  /** Of the sessions that the messages belong to, those that the target has already. */
  readonly sessions: ReadonlySet<SessionId>
}

/**
 * What the target gets. Messages keep their ids, keys and times; they are over, so their sessions are never active.
 *
 * @param messages those that the target does not have yet, in order
 */
export function decideCopies(
  { targetId, targetTitle, target, sessions }: CopyState,
  messages: readonly Message[],
  context: DecisionContext,
): DecidedRecord[] {
  const { nextStamp } = context
  const records = target === undefined ? decideCreate(undefined, { id: targetId, title: targetTitle }, context) : []
  const there = new Set(sessions)
  for (const { sequence: _, stamp: __, ...message } of messages) {
    if (!there.has(message.session_id)) {
      there.add(message.session_id)
      const { session_id: id, timestamp } = message
      records.push({
        log: 'sessions',
        record: { v: 1, stamp: nextStamp(), type: 'session_opened', id, timestamp, imported: true },
      })
    }
    const record: MessageRecord = { ...message, type: undefined, v: 1, stamp: nextStamp() }
    records.push({ log: 'messages', record })
  }
  return records
}

/** @param emptied the active session, when nothing of it is left */
export function decidePromotionEnd(
  id: string,
  emptied: ActiveSession | undefined,
  context: DecisionContext,
): DecidedRecord[] {
  const { nextStamp, timestamp } = context
  const completed: DecidedRecord = {
    log: 'sessions',
    record: { v: 1, stamp: nextStamp(), type: 'promotion_completed', timestamp, id },
  }
  return emptied === undefined ? [completed] : [completed, closeSession(emptied, 'promoted', context)]
}
