import { timestampOf } from '@arawn/core/clock'
import type { SubmittedBatch } from '@arawn/core/model-batches'
import type { WorkstreamLogRecord } from '@arawn/core/record'
import type { CompressionBatch } from '@arawn/core/workstream-index'
import type { DecidedRecord, DecisionContext } from './decision.js'

/**
 * A batch in the log:
 *
 *   claimed ──► submitted ──► collected: ended, unwanted, expired, gone
 *      └──────────────────────► collected: failed, busy, lost
 */

export type BatchOutcome = NonNullable<CompressionBatch['outcome']>

/**
 * Says that this work is about to be handed over, before it is: so nobody else does the same.
 *
 * @param batches those of the workstream
 * @returns undefined when somebody else was faster with some of it
 */
export function decideClaim(
  { model, keys, owner }: Pick<CompressionBatch, 'model' | 'keys' | 'owner'>,
  batches: readonly CompressionBatch[],
  { ids, nextStamp, timestamp }: DecisionContext,
): { record: DecidedRecord; id: string } | undefined {
  const taken = new Set(batches.filter(isOpen).flatMap((batch) => batch.keys))
  if (keys.some((key) => taken.has(key))) return undefined
  const id = ids.next('bat')
  const stamp = nextStamp()
  return {
    id,
    record: line({ v: 1, stamp, type: 'compression_claimed', timestamp, id, model, keys: [...keys], owner }),
  }
}

/** @returns none when the claim is over: whoever ended it took its owner for dead */
export function decideSubmitted(
  id: string,
  { batchId, expiresAtMs }: SubmittedBatch,
  batches: readonly CompressionBatch[],
  { nextStamp, timestamp }: DecisionContext,
): DecidedRecord[] {
  if (!batches.some((batch) => batch.id === id && isOpen(batch) && batch.batch_id === null)) return []
  const expiry = expiresAtMs === null ? {} : { expires_at: timestampOf(expiresAtMs) }
  return [
    line({ v: 1, stamp: nextStamp(), type: 'compression_submitted', timestamp, id, batch_id: batchId, ...expiry }),
  ]
}

/** @returns none when somebody else has said so already */
export function decideCollected(
  id: string,
  outcome: BatchOutcome,
  batches: readonly CompressionBatch[],
  { nextStamp, timestamp }: DecisionContext,
): DecidedRecord[] {
  if (!batches.some((batch) => batch.id === id && isOpen(batch))) return []
  return [line({ v: 1, stamp: nextStamp(), type: 'compression_collected', timestamp, id, outcome })]
}

export function isOpen({ outcome }: Pick<CompressionBatch, 'outcome'>): boolean {
  return outcome === null
}

function line(record: WorkstreamLogRecord): DecidedRecord {
  return { log: 'workstream', record }
}
