import { WorkstreamError } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import type { RouteName } from '@arawn/core/protocol'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { wholeList } from '../calls/list-answer.js'

type Names = Extract<RouteName, 'compress' | 'getSummary' | 'listFacts' | 'explainContext'>

export function memoryHandlers(manager: WorkstreamManager, logger: Logger): Handlers<Names> {
  return {
    compress: async ({ params, body: { dry_run: dryRun, wait, ...body }, gone }) => {
      const { id } = await manager.getWorkstream(params.ref)
      if (wait || dryRun) return { json: await manager.compress(id, { ...body, dryRun, signal: gone }), status: 200 }
      void manager.compress(id, body).catch((error: unknown) => {
        const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
        logger.warn('a compression that was asked for failed', { workstreamId: id, code })
      })
      return { json: { workstream_id: id, status: 'begun' }, status: 202 }
    },
    getSummary: async ({ params, query }) => {
      const summaries = await manager.listSummaries(params.ref, query)
      const data = summaries.map(({ isUsed, ...summary }) => ({ ...summary, is_used: isUsed }))
      return { json: wholeList(data, ({ id }) => id) }
    },
    listFacts: async ({ params }) => ({
      json: wholeList(await manager.listFacts(params.ref), ({ summary_id }) => summary_id),
    }),
    explainContext: async ({ params, query: { messages, ...query } }) => {
      const explained = await manager.explainContext(params.ref, query)
      return { json: messages ? explained : { ...explained, messages: [] } }
    },
  }
}
