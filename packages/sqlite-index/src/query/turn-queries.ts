import type { Turn } from '@arawn/core/turn'
import type { IndexReader } from '@arawn/core/workstream-index'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { turns } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof turns.$inferSelect

export function createTurnQueries({ db }: Connection) {
  const inWorkstream = eq(turns.workstreamId, sql.placeholder('workstreamId'))
  const byId = onFirstUse(() =>
    db
      .select()
      .from(turns)
      .where(and(inWorkstream, eq(turns.interactionId, sql.placeholder('interactionId'))))
      .prepare(),
  )
  const running = onFirstUse(() =>
    db
      .select()
      .from(turns)
      .where(and(inWorkstream, sql`${turns.status} = 'running'`))
      .prepare(),
  )
  // Turns that run are few: one index holds just them.
  const allRunning = onFirstUse(() =>
    db.select().from(turns).where(sql`${turns.status} = 'running'`).orderBy(asc(turns.workstreamId)).prepare(),
  )

  const failedQuery = (workstreamId: string, limit: number) =>
    db
      .select()
      .from(turns)
      .where(and(eq(turns.workstreamId, workstreamId), sql`${turns.status} NOT IN ('ok', 'running')`))
      .orderBy(desc(turns.startedAt), desc(turns.interactionId))
      .limit(limit)

  return {
    /** For the test that reads the query plan. */
    failedQuery,
    turn: async (workstreamId, interactionId) => {
      const row = byId().get({ workstreamId, interactionId })
      return row === undefined ? undefined : toTurn(row)
    },
    runningTurn: async (workstreamId) => {
      const row = running().get({ workstreamId })
      return row === undefined ? undefined : toTurn(row)
    },
    failedTurns: async (workstreamId, limit) => failedQuery(workstreamId, limit).all().map(toTurn),
    runningTurns: async () => allRunning().all().map(toTurn),
  } satisfies Partial<IndexReader> & { failedQuery: unknown }
}

function toTurn(row: Row): Turn {
  return {
    interaction_id: row.interactionId,
    workstream_id: row.workstreamId,
    session_id: row.sessionId,
    message_id: row.messageId,
    status: row.status,
    owner: row.owner,
    started_at: row.startedAt,
    ended_at: row.endedAt,
    model: row.model,
    usage: row.usage === null ? null : JSON.parse(row.usage),
    cost_usd: row.costUsd,
    error: row.error,
    error_message: row.errorMessage,
  }
}
