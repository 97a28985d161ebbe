import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Session } from '@arawn/core/session'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { DecidedRecord, DecisionContext } from '@arawn/engine/decision'
import {
  type ActiveSession,
  closeSession,
  decideEndSession,
  decideStartSession,
  isIdle,
  type SessionPolicy,
  timeOut,
} from '@arawn/engine/session-decisions'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import { listSessionsSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { findSession } from '../reading/find-session.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'
import type { OwnActivity } from './own-activity.js'

type Operations = Pick<
  WorkstreamManager,
  'listSessions' | 'getSession' | 'startSession' | 'endSession' | 'sweepIdleSessions' | 'endOwnSessions'
>

export function createSessionOperations(
  { index, clock, queue, ask, read, write }: Desk,
  { sessionPolicy, ownActivity }: { sessionPolicy: SessionPolicy; ownActivity: OwnActivity },
): Operations {
  /** Ends the active session of a workstream if it still should be, as seen under the lock. */
  async function endIf(
    workstreamId: WorkstreamId,
    ending: (active: ActiveSession, context: DecisionContext) => DecidedRecord | undefined,
  ): Promise<Session[]> {
    return queue.commit({
      workstreamId,
      decide: async ({ context, standing, rows }) => {
        const { workstream, activeSession } = await standing()
        const isOpen = workstream !== undefined && workstream.state !== 'archived' && activeSession !== undefined
        // A long answer is no silence.
        const mayEnd = isOpen && (await (await rows()).runningTurn(workstreamId)) === undefined
        const record = mayEnd ? ending(activeSession, context) : undefined
        if (activeSession === undefined || record === undefined) return { records: [], answer: () => [] }
        return {
          records: [record],
          answer: async (rows) => {
            const session = await (await rows()).session(workstreamId, activeSession.id)
            return session === undefined ? [] : [session]
          },
        }
      },
    })
  }

  /** The session that a write was about, as it is behind it. */
  async function written(
    rows: () => Promise<IndexReader>,
    workstreamId: WorkstreamId,
    sessionId: SessionId,
  ): Promise<Session> {
    const session = await (await rows()).session(workstreamId, sessionId)
    if (session !== undefined) return session
    throw new WorkstreamError('INTERNAL', 'a session that was written is gone', { problem: 'session gone' })
  }

  return {
    listSessions: async (reference, query = {}) => {
      const parsed = parseInput(listSessionsSchema, query)
      return read(reference, ({ id }) => index.sessions({ workstreamId: id, ...parsed }))
    },

    getSession: (reference, sessionId) => read(reference, ({ id }) => findSession(index, id, sessionId)),

    sweepIdleSessions: async () => {
      const due = await ask(() => index.idleSessions(clock.nowMs() - sessionPolicy.idleMs))
      const ended = due.map(({ workstreamId }) =>
        endIf(workstreamId, (active, context) =>
          isIdle(active, context.nowMs, sessionPolicy) ? timeOut(active, context) : undefined,
        ),
      )
      return (await Promise.all(ended)).flat()
    },

    endOwnSessions: async () => {
      const ended = [...ownActivity.take()].map(([workstreamId, { sessionId, atMs }]) =>
        endIf(workstreamId, (active, context) =>
          // Somebody else may have gone on with it since.
          active.id === sessionId && active.lastActivityMs <= atMs
            ? closeSession(active, 'shutdown', context)
            : undefined,
        ),
      )
      return (await Promise.all(ended)).flat()
    },

    endSession: (reference, sessionId) =>
      write(reference, {
        decide: async ({ context, standing, rows }) => {
          const { workstream } = await standing()
          if (workstream === undefined) throw workstreamNotFound(reference)
          refuseArchived(workstream)
          const workstreamId = workstream.id
          const state = {
            workstreamId,
            active: await (await rows()).activeSession(workstreamId),
            named: sessionId === undefined ? undefined : await (await rows()).session(workstreamId, sessionId),
          }
          const decided = decideEndSession(state, sessionId, context)
          return {
            records: decided.records,
            answer: (after) => written(after, workstreamId, decided.sessionId),
          }
        },
      }),

    startSession: (reference) =>
      write(reference, {
        decide: async ({ context, standing, rows }) => {
          const { workstream } = await standing()
          if (workstream === undefined) throw workstreamNotFound(reference)
          refuseArchived(workstream)
          const active = await (await rows()).activeSession(workstream.id)
          const decided = decideStartSession(active, sessionPolicy, context)
          return {
            records: decided.records,
            answer: (after) => written(after, workstream.id, decided.sessionId),
          }
        },
      }),
  }
}
