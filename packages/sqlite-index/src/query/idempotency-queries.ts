import type { IndexReader } from '@arawn/core/workstream-index'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { idempotencyKeys } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

export function createIdempotencyQueries({ db }: Connection) {
  const first = onFirstUse(() =>
    db
      .select({
        request_hash: idempotencyKeys.requestHash,
        workstream_id: idempotencyKeys.workstreamId,
        log: idempotencyKeys.log,
        sequence: idempotencyKeys.sequence,
      })
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.scope, sql.placeholder('scope')), eq(idempotencyKeys.key, sql.placeholder('key'))))
      .orderBy(asc(idempotencyKeys.stamp), asc(idempotencyKeys.workstreamId))
      .limit(1)
      .prepare(),
  )
  return {
    idempotentRequest: async (scope, key) => first().get({ scope, key }),
  } satisfies Partial<IndexReader>
}
