import { WorkstreamError } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import type { RouteName, RouteRequest } from '@arawn/core/protocol'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { wholeList } from '../calls/list-answer.js'

type Names = Extract<RouteName, 'compress' | 'getSummary' | 'listFacts' | 'explainContext' | 'explainLongContext'>

export function memoryHandlers(manager: WorkstreamManager, logger: Logger): Handlers<Names> {
  async function explained(ref: string, { messages, ...input }: RouteRequest<'explainLongContext'>['body']) {
    const context = await manager.explainContext(ref, input)
    return messages ? context : { ...context, messages: [] }
  }

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
    explainContext: async ({ params, query }) => ({ json: await explained(params.ref, query) }),
    explainLongContext: async ({ params, body }) => ({ json: await explained(params.ref, body) }),
  }
}
