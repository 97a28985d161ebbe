import type { WorkstreamId } from '@arawn/core/id'
import type { LogVerification } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { countLines } from './count-lines.js'
import { holdLog, type ReadParts, reading } from './hold-log.js'

/** Counts lines and torn bytes of the logs that are there. */
export async function verifyLogs(parts: ReadParts, workstreamId: WorkstreamId): Promise<LogVerification[]> {
  const found: LogVerification[] = []
  for (const log of logNames) {
    const address = { workstreamId, log }
    const held = holdLog(parts, address)
    if (held === undefined) continue
    try {
      const count = await reading(address, () => countLines(held.log.file, held.sizeBytes))
      found.push({ log, ...count })
    } finally {
      held.release()
    }
  }
  return found
}
