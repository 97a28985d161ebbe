import type { Idempotency } from '@arawn/core/message'
import type { Scene } from './apply-lines.js'

/** @param scope the workstream in which the key is unique, or empty for the whole data dir */
export function rememberKey(
  { statements, workstreamId, at }: Scene,
  scope: string,
  idempotency: Idempotency | undefined,
): void {
  if (idempotency === undefined) return
  const { key, request_hash } = idempotency
  statements.insertKey.run(scope, key, request_hash, workstreamId, at.log, at.sequence, at.stamp)
}
