import type { VerifyReport } from '@arawn/core/maintenance-operations'
import type { RouteName } from '@arawn/core/protocol'
import type { SearchProgress } from '@arawn/core/search-operations'
import { snakeKeys } from '@arawn/core/wire-case'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { wholeList } from '../calls/list-answer.js'

type Names = Extract<
  RouteName,
  'stats' | 'sweepSessions' | 'levelSearch' | 'rebuildIndex' | 'dumpIndex' | 'verify' | 'repair' | 'restoreTornTail'
>

export function maintenanceHandlers(manager: WorkstreamManager): Handlers<Names> {
  return {
    stats: async ({ query }) => ({ json: { ...(await manager.stats(query.workstream)) } }),
    sweepSessions: async () => ({ json: wholeList(await manager.sweepIdleSessions(), ({ id }) => id) }),
    levelSearch: async ({ body }) => {
      let seen: SearchProgress | undefined
      const onProgress = (progress: SearchProgress) => {
        seen = progress
      }
      const { complete } = await manager.levelSearch({ withinMs: body.within_ms, onProgress })
      return { json: { complete, progress: seen === undefined ? null : snakeKeys(seen) } }
    },
    rebuildIndex: async () => ({ json: snakeKeys(await manager.rebuildIndex()) }),
    dumpIndex: async () => ({ text: linesOf(manager.dumpIndex()), type: 'text/plain; charset=utf-8' }),
    verify: async () => ({ json: wireReport(await manager.verify()) }),
    repair: async () => {
      const { done, report } = await manager.repair()
      return { json: { done, report: wireReport(report) } }
    },
    restoreTornTail: async ({ params }) => ({ json: snakeKeys(await manager.restoreTornTail(params.name)) }),
  }
}

/** Its parts stay in their order: some people read it as it is. */
function wireReport(report: VerifyReport) {
  return { ...report, search: snakeKeys(report.search), quarantine: report.quarantine.map(snakeKeys) }
}

async function* linesOf(rows: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const row of rows) yield `${row}\n`
}
