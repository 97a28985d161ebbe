import type { SessionId } from '@arawn/core/id'
import type { Idempotency, Metadata, Role } from '@arawn/core/message'
import type { MessageRecord } from '@arawn/core/record'
import type { Workstream } from '@arawn/core/workstream'
import type { DecidedRecord, DecisionContext } from './decision.js'
import { type ActiveSession, decideJoin, type SessionPolicy } from './session-decisions.js'
import { decideScratch, refuseArchived } from './workstream-decisions.js'

export interface NewMessage {
  readonly role: Role
  readonly content: string
  readonly author?: string | undefined
  readonly interaction_id?: string | undefined
  readonly metadata?: Metadata | undefined
  readonly idempotency?: Idempotency | undefined
}

export interface SendState {
  /** undefined only for scratch, which is made then. */
  readonly workstream: Workstream | undefined
  readonly activeSession: ActiveSession | undefined
}

/** A message joins the active session, or opens one; one that comes late ends the idle session first. */
export function decideSend(
  { workstream, activeSession }: SendState,
  message: NewMessage,
  policy: SessionPolicy,
  context: DecisionContext,
): { records: DecidedRecord[]; message: MessageRecord } {
  const { records, sessionId } = decidePlace({ workstream, activeSession }, policy, context)
  const record = decideMessage(message, sessionId, context)
  return { records: [...records, { log: 'messages', record }], message: record }
}

/** The session that messages come into, opened if need be. */
export function decidePlace(
  { workstream, activeSession }: SendState,
  policy: SessionPolicy,
  context: DecisionContext,
): { records: DecidedRecord[]; sessionId: SessionId } {
  if (workstream !== undefined) refuseArchived(workstream)
  const made: DecidedRecord[] = workstream === undefined ? [decideScratch(context)] : []
  const { records, sessionId } = decideJoin(activeSession, policy, context)
  return { records: [...made, ...records], sessionId }
}

export function decideMessage(
  { role, content, author, interaction_id, metadata, idempotency }: NewMessage,
  sessionId: SessionId,
  { timestamp, nextStamp, ids }: DecisionContext,
): MessageRecord {
  return {
    v: 1,
    stamp: nextStamp(),
    id: ids.next('msg'),
    session_id: sessionId,
    timestamp,
    role,
    content,
    ...(author !== undefined && { author }),
    ...(interaction_id !== undefined && { interaction_id }),
    ...(idempotency !== undefined && { idempotency }),
    ...(metadata !== undefined && { metadata }),
  }
}
