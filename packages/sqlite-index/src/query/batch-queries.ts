import type { CompressionBatch, IndexReader } from '@arawn/core/workstream-index'
import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { compressionBatches, workstreams } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof compressionBatches.$inferSelect

export function createBatchQueries({ db }: Connection) {
  const ofWorkstream = onFirstUse(() =>
    db
      .select()
      .from(compressionBatches)
      .where(eq(compressionBatches.workstreamId, sql.placeholder('workstreamId')))
      .orderBy(asc(compressionBatches.stamp), asc(compressionBatches.id))
      .prepare(),
  )
  // Those that are open are few: one index holds just them.
  const open = onFirstUse(() =>
    db
      .select(getTableColumns(compressionBatches))
      .from(compressionBatches)
      .innerJoin(workstreams, eq(workstreams.id, compressionBatches.workstreamId))
      .where(and(isNull(compressionBatches.outcome), eq(workstreams.state, 'active')))
      .orderBy(asc(compressionBatches.stamp), asc(compressionBatches.id))
      .prepare(),
  )

  return {
    compressionBatches: async (workstreamId) => ofWorkstream().all({ workstreamId }).map(toBatch),
    openCompressionBatches: async () => open().all().map(toBatch),
  } satisfies Partial<IndexReader>
}

function toBatch(row: Row): CompressionBatch {
  return {
    workstream_id: row.workstreamId,
    id: row.id,
    model: row.model,
    keys: JSON.parse(row.keys),
    owner: row.owner,
    claimed_at: row.claimedAt,
    batch_id: row.batchId,
    expires_at: row.expiresAt,
    outcome: row.outcome,
  }
}
