import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Session } from '@arawn/core/session'
import type { DecidedRecord, DecisionContext } from './decision.js'

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
  { timestamp, nextStamp }: DecisionContext,
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
  return {
    sessionId: active.id,
    records: [
      {
        log: 'sessions',
        record: {
          v: 1,
          stamp: nextStamp(),
          type: 'session_closed',
          id: active.id,
          timestamp,
          status: 'ended',
          reason: 'requested',
          ended_at: timestamp,
        },
      },
    ],
  }
}
