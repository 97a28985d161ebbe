import { WorkstreamError } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import type { IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import { writeRows } from './write-rows.js'

export interface CachePorts {
  readonly log: LogStore
  readonly index: WorkstreamIndex
  readonly logger: Logger
}

// Nothing waits for it, and without it the same is only made again.
const LOCK_TIMEOUT_MS = 1_000

/**
 * Writes what the index keeps to save work. Never fails.
 *
 * @param failure what the logger is told when it cannot be kept
 */
export async function keepInCache(
  { log, index, logger }: CachePorts,
  failure: string,
  write: (transaction: IndexTransaction) => Promise<void>,
): Promise<void> {
  try {
    await writeRows({ log, index }, LOCK_TIMEOUT_MS, write)
  } catch (error) {
    logger.warn(failure, { code: error instanceof WorkstreamError ? error.code : 'INTERNAL' })
  }
}
