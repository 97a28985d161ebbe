import type { IndexReader } from '@arawn/core/workstream-index'
import { asc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { summaries } from '../schema.js'

export function createSummaryQueries({ db }: Connection) {
  const ofWorkstream = db
    .select()
    .from(summaries)
    .where(eq(summaries.workstreamId, sql.placeholder('workstreamId')))
    .orderBy(asc(summaries.stamp), asc(summaries.id))
    .prepare()

  return {
    summaries: async (workstreamId) =>
      ofWorkstream.all({ workstreamId }).map(({ record, sessionId, stamp }) => ({
        ...JSON.parse(record),
        kind: sessionId === null ? 'workstream' : 'session',
        session_id: sessionId,
        stamp,
      })),
  } satisfies Partial<IndexReader>
}
