import type { CompressionReport, ExplainedContext, MemoryOperations } from '@arawn/core/memory-operations'
import type { Calls } from '../http/calls.js'
import { isLong } from '../http/route-url.js'

export function memoryOperations({ call }: Calls): MemoryOperations {
  return {
    explainContext: async (ref, { message, model } = {}) => {
      const [params, asked] = [{ ref }, { message, model }]
      const explained = isLong(asked)
        ? await call('explainLongContext', { params, body: asked })
        : await call('explainContext', { params, query: asked })
      // The schema names the parts that others may build on; the answer is all of it.
      return explained as unknown as ExplainedContext
    },
    compress: async (ref, { session, model, dryRun, signal } = {}) => {
      const body = { session, model, dry_run: dryRun, wait: true }
      const report = await call('compress', { params: { ref }, body }, { signal, timeoutMs: null })
      return report as CompressionReport
    },
    // The server does so by itself.
    compressDue: async () => 0,
    embedDue: async () => 0,
    listSummaries: async (ref, { session, all } = {}) => {
      const { data } = await call('getSummary', { params: { ref }, query: { session, all } })
      return data.map(({ is_used: isUsed, ...summary }) => ({ ...summary, isUsed })) as Awaited<
        ReturnType<MemoryOperations['listSummaries']>
      >
    },
    listFacts: async (ref) => (await call('listFacts', { params: { ref } })).data,
  }
}
