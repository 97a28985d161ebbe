import type { Coverage } from '@arawn/core/coverage'
import type { IndexedSummary, IndexReader } from '@arawn/core/workstream-index'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { compressionAttempts, summaries } from '../schema.js'
import { MESSAGES_OF, sequenceIn } from './message-row.js'
import { onFirstUse } from './on-first-use.js'

// Sequences of a session that follow each other differ from their rank by the same number.
const stretches = `SELECT session_id AS session, min(sequence) AS first, max(sequence) AS last FROM (
    SELECT session_id, sequence, sequence - row_number() OVER (PARTITION BY session_id ORDER BY sequence) AS stretch
    FROM (SELECT m.session_id, ${sequenceIn('m."row"')} AS sequence FROM ${MESSAGES_OF} AND m.promotion_id IS NULL))
  GROUP BY session_id, stretch ORDER BY first`

export function createSummaryQueries({ client, db }: Connection) {
  const byKey = onFirstUse(() =>
    db
      .select()
      .from(summaries)
      .where(
        and(eq(summaries.workstreamId, sql.placeholder('workstreamId')), eq(summaries.key, sql.placeholder('key'))),
      )
      .orderBy(desc(summaries.stamp))
      .limit(1)
      .prepare(),
  )
  const coverages = onFirstUse(() =>
    db
      .select({ id: summaries.id, sessionId: summaries.sessionId, coverage: summaries.coverage })
      .from(summaries)
      .where(and(eq(summaries.workstreamId, sql.placeholder('workstreamId')), sql`${summaries.hasWords} = 1`))
      .orderBy(asc(summaries.stamp), asc(summaries.id))
      .prepare(),
  )
  const byId = onFirstUse(() =>
    db
      .select()
      .from(summaries)
      .where(and(eq(summaries.workstreamId, sql.placeholder('workstreamId')), eq(summaries.id, sql.placeholder('id'))))
      .prepare(),
  )
  const attempts = onFirstUse(() =>
    db
      .select({ key: compressionAttempts.key, outcome: compressionAttempts.outcome })
      .from(compressionAttempts)
      .where(eq(compressionAttempts.workstreamId, sql.placeholder('workstreamId')))
      .orderBy(asc(compressionAttempts.stamp), asc(compressionAttempts.key))
      .prepare(),
  )
  const ofWorkstream = onFirstUse(() =>
    db
      .select()
      .from(summaries)
      .where(eq(summaries.workstreamId, sql.placeholder('workstreamId')))
      .orderBy(asc(summaries.stamp), asc(summaries.id))
      .prepare(),
  )

  return {
    summaries: async (workstreamId) => ofWorkstream().all({ workstreamId }).map(toSummary),
    summaryCoverages: async (workstreamId) =>
      coverages()
        .all({ workstreamId })
        .map(({ id, sessionId, coverage }) => ({
          id,
          kind: sessionId === null ? 'workstream' : 'session',
          session_id: sessionId,
          coverage: JSON.parse(coverage),
        })),
    summary: async (workstreamId, id) => {
      const row = byId().get({ workstreamId, id })
      return row === undefined ? undefined : toSummary(row)
    },
    summaryByKey: async (workstreamId, key) => {
      const row = byKey().get({ workstreamId, key })
      return row === undefined ? undefined : toSummary(row)
    },
    compressionAttempts: async (workstreamId) => attempts().all({ workstreamId }),
    sessionCoverage: async (workstreamId) => {
      const found = new Map<string, Coverage>()
      const rows = client.prepare<[string], { session: string; first: number; last: number }>(stretches)
      for (const { session, first, last } of rows.all(workstreamId)) {
        const coverage = found.get(session)
        if (coverage === undefined) found.set(session, [[first, last]])
        else coverage.push([first, last])
      }
      return found
    },
  } satisfies Partial<IndexReader>
}

function toSummary({ record, sessionId, stamp }: typeof summaries.$inferSelect): IndexedSummary {
  const kind = sessionId === null ? 'workstream' : 'session'
  return { ...JSON.parse(record), kind, session_id: sessionId, stamp }
}
