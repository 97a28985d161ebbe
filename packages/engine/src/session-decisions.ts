import { timestampOf } from '@arawn/core/clock'
import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Session, SessionEndReason } from '@arawn/core/session'
import type { DecidedRecord, DecisionContext } from './decision.js'

/** What a decision needs to know of the session that goes on. */
export interface ActiveSession {
  readonly id: SessionId
  /** When something was last committed to it, milliseconds since 1970. */
  readonly lastActivityMs: number
}

export function activeSession({ id, last_activity_at }: Session): ActiveSession {
  return { id, lastActivityMs: Date.parse(last_activity_at) }
}

export interface SessionPolicy {
  /** A silence of this length ends a session, milliseconds. */
  readonly idleMs: number
}

/** A clock that was set back makes no session idle. */
export function isIdle({ lastActivityMs }: ActiveSession, nowMs: number, { idleMs }: SessionPolicy): boolean {
  return nowMs - lastActivityMs >= idleMs
}

/** Ends a session because of a silence. It lasted until its last activity, whenever that is noticed. */
export function timeOut(session: ActiveSession, context: DecisionContext): DecidedRecord {
  return closing(session.id, 'timed_out', 'idle', timestampOf(session.lastActivityMs), context)
}

/** Ends a session for any other reason, now; not before its last activity, although the clock was set back. */
export function closeSession(
  session: ActiveSession,
  reason: Exclude<SessionEndReason, 'idle'>,
  context: DecisionContext,
): DecidedRecord {
  return closing(session.id, 'ended', reason, timestampOf(Math.max(context.nowMs, session.lastActivityMs)), context)
}

/** The session that a new message joins: the active one unless it is idle; else a new one. */
export function decideJoin(
  active: ActiveSession | undefined,
  policy: SessionPolicy,
  context: DecisionContext,
): { records: DecidedRecord[]; sessionId: SessionId } {
  const idle = active !== undefined && isIdle(active, context.nowMs, policy)
  if (active !== undefined && !idle) return { records: [], sessionId: active.id }
  const closed = idle ? [timeOut(active, context)] : []
  const opened = openSession(context)
  return { records: [...closed, opened.record], sessionId: opened.sessionId }
}

/** Begins a session by hand: the active one ends, unless nothing was said in it. */
export function decideStartSession(
  active: Session | undefined,
  policy: SessionPolicy,
  context: DecisionContext,
): { records: DecidedRecord[]; sessionId: SessionId } {
  if (active?.message_count === 0) return { records: [], sessionId: active.id }
  const before = active && activeSession(active)
  const closed =
    before === undefined
      ? []
      : [isIdle(before, context.nowMs, policy) ? timeOut(before, context) : closeSession(before, 'requested', context)]
  const opened = openSession(context)
  return { records: [...closed, opened.record], sessionId: opened.sessionId }
}

function openSession({ ids, nextStamp, timestamp }: DecisionContext): { record: DecidedRecord; sessionId: SessionId } {
  const id = ids.next('ses')
  const record = { v: 1, stamp: nextStamp(), type: 'session_opened', id, timestamp } as const
  return { record: { log: 'sessions', record }, sessionId: id }
}

export interface EndState {
  readonly workstreamId: WorkstreamId
  /** The session that was named. */
  readonly named?: Session | undefined
  readonly active: Session | undefined
}

/** Ends the active session; when one is named, only that one. */
export function decideEndSession(
  { workstreamId, named, active }: EndState,
  sessionId: SessionId | undefined,
  context: DecisionContext,
): { records: DecidedRecord[]; sessionId: SessionId } {
  if (sessionId !== undefined && named === undefined)
    throw new WorkstreamError('SESSION_NOT_FOUND', `workstream ${workstreamId} has no session ${sessionId}`, {
      workstreamId,
      sessionId,
    })
  if (active === undefined || (sessionId !== undefined && active.id !== sessionId))
    throw new WorkstreamError(
      'SESSION_NOT_ACTIVE',
      sessionId === undefined
        ? `workstream ${workstreamId} has no active session`
        : `session ${sessionId} of workstream ${workstreamId} has ended already`,
      { workstreamId, sessionId: sessionId ?? null },
    )
  return { sessionId: active.id, records: [closeSession(activeSession(active), 'requested', context)] }
}

function closing(
  id: SessionId,
  status: 'ended' | 'timed_out',
  reason: SessionEndReason,
  endedAt: string,
  { nextStamp, timestamp }: DecisionContext,
): DecidedRecord {
  return {
    log: 'sessions',
    record: { v: 1, stamp: nextStamp(), type: 'session_closed', id, timestamp, status, reason, ended_at: endedAt },
  }
}
