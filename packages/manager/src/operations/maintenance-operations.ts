import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { type LogName, logNames } from '@arawn/core/record'
import { verifyAll } from '../index-care/verify-all.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { RestoredLine, WorkstreamManager } from '../workstream-manager.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'exportLogs' | 'restoreLogs' | 'rebuildIndex' | 'verify' | 'dumpIndex'>

// A restore writes pieces of this size: large enough for the disk, small enough to hold.
const PIECE_BYTES = 4 * 1024 * 1024

export function createMaintenanceOperations(desk: Desk, { lockTimeoutMs }: { lockTimeoutMs: number }): Operations {
  const { log, index, care, ask, read } = desk

  async function* linesOf(workstreamId: WorkstreamId, name: LogName, bytes: number): AsyncGenerator<Uint8Array> {
    for await (const lines of log.read(workstreamId, name, 0, bytes)) for (const line of lines) yield line.bytes
  }

  /** Under one lock, so that nobody writes between two pieces. */
  async function restore(workstreamId: WorkstreamId, lines: AsyncIterable<RestoredLine>): Promise<void> {
    const writer = await log.lock(lockTimeoutMs)
    try {
      if ((await writer.prepare(workstreamId)) !== undefined)
        throw new WorkstreamError('RESTORE_CONFLICT', `there is already a workstream ${workstreamId}`, { workstreamId })
      let piece: RestoredLine[] = []
      let bytes = 0
      const write = async () => {
        const entries = logNames
          .map((name) => ({
            workstreamId,
            log: name,
            lines: piece.filter((line) => line.log === name).map((line) => line.bytes),
          }))
          .filter((entry) => entry.lines.length > 0)
        piece = []
        bytes = 0
        if (entries.length > 0) await writer.append(entries)
      }
      for await (const line of lines) {
        // The bytes of a line may be valid only until the next one is asked for.
        piece.push({ log: line.log, bytes: line.bytes.slice() })
        bytes += line.bytes.byteLength
        if (bytes >= PIECE_BYTES) await write()
      }
      await write()
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

    rebuildIndex: (options = {}) => care.rebuild(options.onProgress),
    verify: () => ask(() => verifyAll(desk, { lockTimeoutMs })),

    dumpIndex: async function* () {
      await care.ready()
      yield* index.dump()
    },
  }
}
