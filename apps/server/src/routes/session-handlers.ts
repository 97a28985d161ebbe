import type { RouteName } from '@arawn/core/protocol'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { listAnswer } from '../calls/list-answer.js'

export function sessionHandlers(
  manager: WorkstreamManager,
): Handlers<Extract<RouteName, `${string}Session` | 'listSessions'>> {
  return {
    listSessions: async ({ params, query: { order, ...query } }) => {
      const page = await manager.listSessions(params.ref, { ...query, newestFirst: order === 'desc' })
      return { json: listAnswer(page, ({ id }) => id) }
    },
    startSession: async ({ params }) => ({ json: await manager.startSession(params.ref), status: 201 }),
    getSession: async ({ params }) => ({ json: await manager.getSession(params.ref, params.session) }),
    endSession: async ({ params }) => ({
      json: await manager.endSession(params.ref, params.session === 'active' ? undefined : params.session),
    }),
  }
}
