import type { RouteName } from '@arawn/core/protocol'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { wholeList } from '../calls/list-answer.js'

export function turnHandlers(
  manager: WorkstreamManager,
): Handlers<Extract<RouteName, 'listRunningTurns' | 'listFailedTurns'>> {
  return {
    listRunningTurns: async ({ query }) => {
      const turns = await manager.listRunningTurns(query.workstream)
      const running = turns.map(({ workstream_id, session_id, interaction_id, message }) => ({
        workstream_id,
        session_id,
        interaction_id,
        message,
      }))
      return { json: wholeList(running, ({ interaction_id }) => interaction_id) }
    },
    listFailedTurns: async ({ params, query }) => ({
      json: wholeList(await manager.listFailedTurns(params.ref, query), ({ interaction_id }) => interaction_id),
    }),
  }
}
