import type { WorkstreamId } from '@arawn/core/id'
import type { RestoredLine } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'
import type { LogTransferOperations } from '@arawn/core/transfer-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { verifyAll } from '../index-care/verify-all.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { SearchCare } from '../search/search-care.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'rebuildIndex' | 'verify' | 'dumpIndex'> & LogTransferOperations

export function createMaintenanceOperations(
  desk: Desk,
  { lockTimeoutMs, searchCare }: { lockTimeoutMs: number; searchCare: SearchCare },
): Operations {
  const { log, index, care, ask, read } = desk

  async function* linesOf(workstreamId: WorkstreamId, name: LogName, bytes: number): AsyncGenerator<Uint8Array> {
    for await (const lines of log.read(workstreamId, name, 0, bytes)) for (const line of lines) yield line.bytes
  }

  async function restore(workstreamId: WorkstreamId, lines: AsyncIterable<RestoredLine>): Promise<void> {
    const writer = await log.lock(lockTimeoutMs)
    try {
      await writer.restore(workstreamId, lines)
    } finally {
      writer.release()
    }
  }

  return {
    exportLogs: (reference) =>
      read(reference, async (workstream) => {
        const heads = await index.heads(workstream.id)
        if (heads === undefined) throw workstreamNotFound(reference)
        return { workstream, lines: (name) => linesOf(workstream.id, name, heads[name].bytes) }
      }),

    restoreLogs: async (workstreamId, lines) => {
      await care.ready()
      await restore(workstreamId, lines)
      return read(workstreamId, async (workstream) => workstream)
    },

    rebuildIndex: ({ onProgress } = {}) =>
      care.rebuild({
        onProgress,
        startSearch: (transaction) => searchCare.startFilling(transaction),
      }),
    verify: () => ask(() => verifyAll(desk, { lockTimeoutMs, searchCare })),

    dumpIndex: async function* () {
      await care.ready()
      yield* index.dump()
    },
  }
}
