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
  if (workstream !== undefined) refuseArchived(workstream)
  const { timestamp, nextStamp, ids } = context
  const records: DecidedRecord[] = workstream === undefined ? [decideScratch(context)] : []
  const { records: joining, sessionId } = decideJoin(activeSession, policy, context)
  records.push(...joining)
  const { role, content, author, interaction_id, metadata, idempotency } = message
  const record: MessageRecord = {
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
  records.push({ log: 'messages', record })
  return { records, message: record }
}
