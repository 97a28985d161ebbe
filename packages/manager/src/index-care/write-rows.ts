import type { LogStore } from '@arawn/core/log-store'
import type { IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'

/**
 * Writes rows that follow behind, or that are only a cache, under the write lock.
 *
 * @returns false when there is no index to write to now
 * @throws LOCK_TIMEOUT
 */
export async function writeRows(
  { log, index }: { log: LogStore; index: WorkstreamIndex },
  timeoutMs: number,
  write: (transaction: IndexTransaction) => Promise<void>,
): Promise<boolean> {
  const writer = await log.lock(timeoutMs)
  try {
    if (index.condition() !== 'current') return false
    const transaction = await index.begin()
    try {
      await write(transaction)
      await transaction.commit()
    } catch (error) {
      await transaction.rollback()
      throw error
    }
    return true
  } finally {
    writer.release()
  }
}
