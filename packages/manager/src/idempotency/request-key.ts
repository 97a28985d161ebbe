import { createHash } from 'node:crypto'
import { canonicalJson } from '@arawn/core/canonical-json'
import { WorkstreamError } from '@arawn/core/error'
import type { Idempotency } from '@arawn/core/message'
import type { IdempotentRequest, IndexReader } from '@arawn/core/workstream-index'

/**
 * What a record remembers of the request that it was written for.
 *
 * @param operation keys of different operations are never the same request
 * @param request what was asked, without the key
 */
export function requestKey(
  key: string | undefined,
  operation: string,
  request: Readonly<Record<string, unknown>>,
): Idempotency | undefined {
  if (key === undefined) return undefined
  return { key, request_hash: hash(`${operation}\n${canonicalJson(request)}`) }
}

/**
 * Whether this request was done before, by anybody.
 *
 * @param scope the workstream in which the key is unique, or empty for the whole data dir
 * @throws IDEMPOTENCY_KEY_REUSED the key stands for another request
 */
export async function findRepeated(
  rows: IndexReader,
  scope: string,
  idempotency: Idempotency | undefined,
): Promise<IdempotentRequest | undefined> {
  if (idempotency === undefined) return undefined
  const found = await rows.idempotentRequest(scope, idempotency.key)
  if (found === undefined || found.request_hash === idempotency.request_hash) return found
  throw new WorkstreamError(
    'IDEMPOTENCY_KEY_REUSED',
    `the idempotency key ${JSON.stringify(idempotency.key)} was used for another request`,
    { workstreamId: scope === '' ? null : scope, key: idempotency.key },
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
