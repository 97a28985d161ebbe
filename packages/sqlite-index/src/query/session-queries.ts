import { WorkstreamError } from '@arawn/core/error'
import type { Session } from '@arawn/core/session'
import { commitTime } from '@arawn/core/stamp'
import type { IndexReader, SessionQuery } from '@arawn/core/workstream-index'
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { sessions } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof sessions.$inferSelect

export function createSessionQueries({ db }: Connection) {
  const active = onFirstUse(() =>
    db
      .select()
      .from(sessions)
      .where(and(eq(sessions.workstreamId, sql.placeholder('workstreamId')), sql`${sessions.status} = 'active'`))
      .prepare(),
  )
  // Active sessions are few: one index holds just them.
  const idle = onFirstUse(() =>
    db
      .select({ workstreamId: sessions.workstreamId, id: sessions.id })
      .from(sessions)
      .where(and(sql`${sessions.status} = 'active'`, lt(sessions.lastActivityStamp, sql.placeholder('stamp'))))
      .orderBy(asc(sessions.workstreamId))
      .prepare(),
  )
  const byId = onFirstUse(() =>
    db
      .select()
      .from(sessions)
      .where(and(eq(sessions.workstreamId, sql.placeholder('workstreamId')), eq(sessions.id, sql.placeholder('id'))))
      .prepare(),
  )

  const lastImported = onFirstUse(() =>
    db
      .select()
      .from(sessions)
      .where(and(eq(sessions.workstreamId, sql.placeholder('workstreamId')), eq(sessions.reason, 'imported')))
      .orderBy(desc(sessions.ordinal))
      .limit(1)
      .prepare(),
  )

  function sessionsQuery({ workstreamId, limit, newestFirst = false, after }: SessionQuery) {
    const border = after === undefined ? undefined : parseCursor(after)
    const beyond = newestFirst ? lt : gt
    return db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.workstreamId, workstreamId),
          border === undefined ? undefined : beyond(sessions.ordinal, border),
        ),
      )
      .orderBy(newestFirst ? desc(sessions.ordinal) : asc(sessions.ordinal))
      .limit(limit + 1)
  }

  return {
    /** For the test that reads the query plan. */
    sessionsQuery,
    activeSession: async (workstreamId) => {
      const row = active().get({ workstreamId })
      return row === undefined ? undefined : toSession(row)
    },
    idleSessions: async (lastActivityMs) =>
      idle()
        .all({ stamp: (lastActivityMs + 1) * 1000 })
        .map(({ workstreamId, id }) => ({ workstreamId, id })),
    session: async (workstreamId, id) => {
      const row = byId().get({ workstreamId, id })
      return row === undefined ? undefined : toSession(row)
    },
    lastImportedSession: async (workstreamId) => {
      const row = lastImported().get({ workstreamId })
      return row === undefined ? undefined : toSession(row)
    },
    sessions: async (query) => {
      const rows = sessionsQuery(query).all()
      const shown = rows.slice(0, query.limit)
      const hasMore = rows.length > query.limit
      return {
        items: shown.map(toSession),
        hasMore,
        next: hasMore ? String(shown.at(-1)?.ordinal) : undefined,
      }
    },
  } satisfies Partial<IndexReader> & { sessionsQuery: unknown }
}

function parseCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor))
    throw new WorkstreamError('INVALID_INPUT', 'after: not a cursor of this list', {
      path: 'after',
      problem: 'not a cursor of this list',
    })
  return Number(cursor)
}

function toSession(row: Row): Session {
  return {
    id: row.id,
    workstream_id: row.workstreamId,
    started_at: row.startedAt,
    ended_at: row.endedAt,
    status: row.status,
    reason: row.reason,
    last_activity_at: commitTime(row.lastActivityStamp),
    turn_count: row.turnCount,
    message_count: row.messageCount,
    summary: row.summary,
  }
}
