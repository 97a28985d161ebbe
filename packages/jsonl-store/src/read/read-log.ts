import type { RawLine } from '@arawn/core/log-store'
import { readFailed } from '../errors/log-failures.js'
import type { LogAddress } from '../paths/workstream-path.js'
import { type HeldLog, holdLog, type ReadParts, reading } from './hold-log.js'
import { readLines } from './line-reader.js'

/** Reads a log to its end, even when another file takes its place meanwhile. One that is not there has no lines. */
export async function* readLog(
  parts: ReadParts,
  address: LogAddress,
  from: number,
  to: number | undefined,
): AsyncGenerator<readonly RawLine[], void> {
  const held = await parts.calls.run(async () => holdLog(parts, address))
  if (held === undefined) {
    if (to !== undefined && to > from) throw readFailed(address, 'ENOENT')
    return
  }
  try {
    yield* batches(parts, address, held, from, Math.min(to ?? held.sizeBytes, held.sizeBytes))
  } finally {
    held.release()
  }
}

async function* batches(
  { calls }: ReadParts,
  address: LogAddress,
  { log }: HeldLog,
  from: number,
  to: number,
): AsyncGenerator<readonly RawLine[], void> {
  const lines = readLines(log.file, from, to)
  for (;;) {
    // Each batch is a call of its own: a reader that pauses for ever does not keep the store from closing.
    const batch = await calls.run(() => reading(address, () => lines.next()))
    if (batch.done === true) return
    yield batch.value
  }
}
