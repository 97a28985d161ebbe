import type { IndexReader, Promotion } from '@arawn/core/workstream-index'
import { and, asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { messages, promotions } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof promotions.$inferSelect

export function createPromotionQueries({ db, client }: Connection) {
  // Asked before everything that is read, and most often there is none, which is seen sooner without making rows.
  const anyPending = onFirstUse(() => client.prepare('SELECT 1 FROM promotions WHERE completed = 0 LIMIT 1').pluck())
  const pending = onFirstUse(() =>
    db
      .select()
      .from(promotions)
      .where(sql`${promotions.completed} = 0`)
      .orderBy(asc(promotions.workstreamId), asc(promotions.stamp))
      .prepare(),
  )
  const byId = onFirstUse(() =>
    db
      .select()
      .from(promotions)
      .where(
        and(eq(promotions.workstreamId, sql.placeholder('workstreamId')), eq(promotions.id, sql.placeholder('id'))),
      )
      .prepare(),
  )
  const visible = (which: SQL) =>
    onFirstUse(() =>
      db
        .select({ sequence: messages.sequence })
        .from(messages)
        .where(and(eq(messages.workstreamId, sql.placeholder('workstreamId')), isNull(messages.promotionId), which))
        .orderBy(asc(messages.sequence))
        .prepare(),
    )
  const ofSession = visible(sql`${messages.sessionId} = ${sql.placeholder('sessionId')}`)
  const between = visible(sql`${messages.sequence} BETWEEN ${sql.placeholder('first')} AND ${sql.placeholder('last')}`)
  const ofWorkstream = onFirstUse(() =>
    db
      .select()
      .from(promotions)
      .where(
        or(
          eq(promotions.workstreamId, sql.placeholder('workstreamId')),
          eq(promotions.targetId, sql.placeholder('workstreamId')),
        ),
      )
      .orderBy(asc(promotions.stamp), asc(promotions.workstreamId))
      .prepare(),
  )
  return {
    visibleSequences: async (workstreamId, which) => {
      const rows =
        'sessionId' in which ? ofSession().all({ workstreamId, ...which }) : between().all({ workstreamId, ...which })
      return rows.map(({ sequence }) => sequence)
    },
    pendingPromotions: async () => (anyPending().get() === undefined ? [] : pending().all().map(toPromotion)),
    promotion: async (workstreamId, id) => {
      const row = byId().get({ workstreamId, id })
      return row === undefined ? undefined : toPromotion(row)
    },
    promotionsOf: async (workstreamId) => ofWorkstream().all({ workstreamId }).map(toPromotion),
  } satisfies Partial<IndexReader>
}

function toPromotion(row: Row): Promotion {
  return {
    workstream_id: row.workstreamId,
    id: row.id,
    target_id: row.targetId,
    target_title: row.targetTitle,
    coverage: JSON.parse(row.coverage),
    stamp: row.stamp,
    completed: row.completed,
  }
}
