import { SCRATCH_ID } from '@arawn/core/id'
import type { IndexReader } from '@arawn/core/workstream-index'
import { covers } from '@arawn/engine/coverage'

/** Of these messages of scratch, those that no other promotion is about to move. */
export async function unmoved(reader: IndexReader, sequences: readonly number[]): Promise<number[]> {
  const pending = await reader.pendingPromotions()
  return sequences.filter(
    (sequence) => !pending.some((other) => other.workstream_id === SCRATCH_ID && covers(other.coverage, sequence)),
  )
}
