import { roleSchema } from '@arawn/core/message'
import { sessionStatusSchema } from '@arawn/core/session'
import type { Counted } from '@arawn/core/statistics'
import { workstreamStateSchema } from '@arawn/core/workstream'
import type { IndexReader } from '@arawn/core/workstream-index'
import { and, asc, desc, eq, gt, isNull, max, min, type SQL, sql, sum } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Connection } from '../file/connection.js'
import { logHeads, messages, sessions, workstreams } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

const BUSIEST = 5

/** Each table is walked once, or for one workstream only its rows. Only the few busiest are sorted. */
export function createStatisticsQueries({ client, db }: Connection) {
  const pages = onFirstUse(() =>
    client.prepare<[], number>('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck(),
  )

  function countQueries(workstreamId: string | undefined) {
    const only = (column: SQLiteColumn) => (workstreamId === undefined ? undefined : eq(column, workstreamId))
    return {
      workstreams: db
        .select({
          ...countsOf(workstreams.state, workstreamStateSchema.options),
          last: max(workstreams.lastMessageAt),
        })
        .from(workstreams)
        .where(only(workstreams.id)),
      sessions: db
        .select({
          ...countsOf(sessions.status, sessionStatusSchema.options),
          first: min(sql<string>`CASE WHEN ${sessions.messageCount} > 0 THEN ${sessions.startedAt} END`),
        })
        .from(sessions)
        .where(only(sessions.workstreamId)),
      messages: db
        .select(countsOf(messages.role, roleSchema.options))
        .from(messages)
        .where(and(workstreamId === undefined ? undefined : ofWorkstream(workstreamId), isNull(messages.promotionId))),
      logs: db
        .select({ bytes: sum(logHeads.bytes).mapWith(Number) })
        .from(logHeads)
        .where(only(logHeads.workstreamId)),
      busiest: db
        .select({ id: workstreams.id, title: workstreams.title, message_count: workstreams.messageCount })
        .from(workstreams)
        .where(and(only(workstreams.id), gt(workstreams.messageCount, 0)))
        .orderBy(desc(workstreams.messageCount), asc(workstreams.id))
        .limit(BUSIEST),
    }
  }

  return {
    /** For the test that reads the query plan. */
    countQueries,
    statistics: async (workstreamId) => {
      const queries = countQueries(workstreamId)
      const { last = null, ...byState } = queries.workstreams.get() ?? {}
      const { first = null, ...byStatus } = queries.sessions.get() ?? {}
      return {
        workstreams: withTotal(workstreamStateSchema.options, byState),
        sessions: withTotal(sessionStatusSchema.options, byStatus),
        messages: withTotal(roleSchema.options, queries.messages.get() ?? {}),
        log_bytes: queries.logs.get()?.bytes ?? 0,
        index_bytes: pages().get() ?? 0,
        first_message_at: first,
        last_message_at: last,
        busiest: queries.busiest.all(),
      }
    },
  } satisfies Partial<IndexReader> & { countQueries: unknown }
}

function ofWorkstream(id: string): SQL {
  const first = sql`(SELECT ${workstreams.number} << 32 FROM ${workstreams} WHERE ${workstreams.id} = ${id})`
  return sql`${messages.row} >= ${first} AND ${messages.row} < ${first} + (1 << 32)`
}

/** How many rows there are of each kind, in one pass and without sorting. */
function countsOf<Kind extends string>(column: SQLiteColumn, kinds: readonly Kind[]): Record<Kind, SQL<number>> {
  const counts = kinds.map((kind) => [kind, sql<number>`COUNT(CASE WHEN ${column} = ${kind} THEN 1 END)`])
  return Object.fromEntries(counts)
}

function withTotal<Kind extends string>(
  kinds: readonly Kind[],
  counts: Partial<Readonly<Record<Kind, number>>>,
): Counted<Kind> {
  const count = (kind: Kind) => counts[kind] ?? 0
  const total = kinds.reduce((sum, kind) => sum + count(kind), 0)
  return Object.fromEntries([['total', total], ...kinds.map((kind) => [kind, count(kind)])])
}
