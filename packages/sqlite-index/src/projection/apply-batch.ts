import type { WorkstreamLogRecord } from '@arawn/core/record'
import type { Scene } from './apply-lines.js'
import { normalTimestamp } from './normal-timestamp.js'

type RecordOf<Type> = Extract<WorkstreamLogRecord, { type: Type }>

export function claimBatch(
  { statements, workstreamId, at, anomaly }: Scene,
  { id, model, keys, owner, timestamp }: RecordOf<'compression_claimed'>,
): void {
  const claimedAt = normalTimestamp(timestamp)
  const values = [workstreamId, id, at.stamp, model, JSON.stringify(keys), owner, claimedAt]
  if (statements.insertBatch.run(...values).changes === 0) anomaly('duplicate_id')
}

export function submitBatch(
  { statements, workstreamId, anomaly }: Scene,
  { id, batch_id, expires_at = null }: RecordOf<'compression_submitted'>,
): void {
  const expiresAt = expires_at === null ? null : normalTimestamp(expires_at)
  if (statements.submitBatch.run(batch_id, expiresAt, workstreamId, id).changes === 0) anomaly('unknown_batch')
}

export function collectBatch(
  { statements, workstreamId, anomaly }: Scene,
  { id, outcome }: RecordOf<'compression_collected'>,
): void {
  if (statements.collectBatch.run(outcome, workstreamId, id).changes === 0) anomaly('unknown_batch')
}
