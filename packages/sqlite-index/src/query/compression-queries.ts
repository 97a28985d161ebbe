/** Where the background looks for something to compress. */

import type { IndexReader } from '@arawn/core/workstream-index'
import { and, asc, eq, gte, isNull, ne, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { sessions, workstreams } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

// Those that are degraded are few: an index holds just them.
const degraded = `SELECT s.workstream_id AS workstreamId, max(s.stamp) AS madeStamp,
    (SELECT max(a.stamp) FROM compression_attempts a WHERE a.workstream_id = s.workstream_id) AS attemptStamp
  FROM summaries s JOIN workstreams w ON w.id = s.workstream_id AND w.state = 'active'
  WHERE s.degraded = 1 AND NOT EXISTS (SELECT 1 FROM summaries later WHERE later.workstream_id = s.workstream_id
    AND later.session_id IS s.session_id AND (later.stamp, later.id) > (s.stamp, s.id))
  GROUP BY s.workstream_id ORDER BY s.workstream_id`

interface DegradedRow {
  workstreamId: string
  madeStamp: number
  attemptStamp: number | null
}

export function createCompressionQueries({ client, db }: Connection) {
  const hasEnough = gte(sessions.messageCount, sql.placeholder('minMessages'))
  const inActiveWorkstream = and(eq(workstreams.id, sessions.workstreamId), eq(workstreams.state, 'active'))
  const toCompress = onFirstUse(() =>
    db
      .selectDistinct({ id: sessions.workstreamId })
      .from(sessions)
      .innerJoin(workstreams, inActiveWorkstream)
      .where(and(ne(sessions.status, 'active'), isNull(sessions.summary), hasEnough))
      .orderBy(asc(sessions.workstreamId))
      .prepare(),
  )
  const long = onFirstUse(() =>
    db
      .select({ workstreamId: sessions.workstreamId, id: sessions.id, messageCount: sessions.messageCount })
      .from(sessions)
      .innerJoin(workstreams, inActiveWorkstream)
      .where(and(sql`${sessions.status} = 'active'`, hasEnough))
      .orderBy(asc(sessions.workstreamId))
      .prepare(),
  )
  const withStandIns = onFirstUse(() => client.prepare<[], DegradedRow>(degraded))

  return {
    workstreamsToCompress: async (minMessages) =>
      toCompress()
        .all({ minMessages })
        .map(({ id }) => id),
    degradedWorkstreams: async () =>
      withStandIns()
        .all()
        .map(({ workstreamId, madeStamp, attemptStamp }) => ({
          workstreamId,
          madeStamp,
          triedStamp: Math.max(madeStamp, attemptStamp ?? 0),
        })),
    longSessions: async (minMessages) => long().all({ minMessages }),
  } satisfies Partial<IndexReader>
}
