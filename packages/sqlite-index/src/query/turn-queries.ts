import type { Turn } from '@arawn/core/turn'
import type { IndexReader } from '@arawn/core/workstream-index'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { turns } from '../schema.js'

type Row = typeof turns.$inferSelect

export function createTurnQueries({ db }: Connection) {
  const inWorkstream = eq(turns.workstreamId, sql.placeholder('workstreamId'))
  const byId = db
    .select()
    .from(turns)
    .where(and(inWorkstream, eq(turns.interactionId, sql.placeholder('interactionId'))))
    .prepare()
  const running = db
    .select()
    .from(turns)
    .where(and(inWorkstream, sql`${turns.status} = 'running'`))
    .prepare()
  // Turns that run are few: one index holds just them.
  const allRunning = db
    .select()
    .from(turns)
    .where(sql`${turns.status} = 'running'`)
    .orderBy(asc(turns.workstreamId))
    .prepare()

  return {
    turn: async (workstreamId, interactionId) => {
      const row = byId.get({ workstreamId, interactionId })
      return row === undefined ? undefined : toTurn(row)
    },
    runningTurn: async (workstreamId) => {
      const row = running.get({ workstreamId })
      return row === undefined ? undefined : toTurn(row)
    },
    runningTurns: async () => allRunning.all().map(toTurn),
  } satisfies Partial<IndexReader>
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
  }
}
