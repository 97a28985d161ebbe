import { WorkstreamError } from '@arawn/core/error'
import { decideEndSession } from '@arawn/engine/session-decisions'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import { listSessionsSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { WorkstreamManager } from '../workstream-manager.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'listSessions' | 'endSession'>

export function createSessionOperations({ index, read, write }: Desk): Operations {
  return {
    listSessions: async (reference, query = {}) => {
      const parsed = parseInput(listSessionsSchema, query)
      return read(reference, ({ id }) => index.sessions({ workstreamId: id, ...parsed }))
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
            answer: async (after) => {
              const session = await (await after()).session(workstreamId, decided.sessionId)
              if (session !== undefined) return session
              throw new WorkstreamError('INTERNAL', 'a session that was ended is gone', { problem: 'session gone' })
            },
          }
        },
      }),
  }
}
