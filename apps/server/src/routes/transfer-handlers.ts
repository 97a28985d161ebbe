import type { RouteName } from '@arawn/core/protocol'
import { snakeKeys } from '@arawn/core/wire-case'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers } from '../calls/handler.js'
import { replayedHeader } from '../calls/replayed-header.js'
import { keepUpload } from './kept-upload.js'

type Names = Extract<RouteName, 'importConversation' | 'exportWorkstream' | 'importNative'>

export function transferHandlers(manager: WorkstreamManager): Handlers<Names> {
  return {
    importConversation: async ({ body, idempotencyKey }) => {
      const report = await manager.importConversation({ ...body, idempotency_key: idempotencyKey })
      return { json: snakeKeys(report), headers: replayedHeader(report) }
    },
    exportWorkstream: async ({ params, query: { format } }) => {
      if (format === 'native') return { text: await manager.exportNative(params.ref), type: 'application/octet-stream' }
      const type = format === 'markdown' ? 'text/markdown; charset=utf-8' : 'application/x-ndjson'
      return { text: await manager.exportText(params.ref, format), type }
    },
    importNative: async ({ upload }) => {
      const kept = await keepUpload(upload)
      try {
        return { json: await manager.importNative({ bytes: kept.bytes }), status: 201 }
      } finally {
        await kept.remove()
      }
    },
  }
}
