import type { IndexReader, Promotion } from '@arawn/core/workstream-index'
import { and, asc, eq, or, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { promotions } from '../schema.js'
import { MESSAGES_BETWEEN, MESSAGES_OF, sequenceIn } from './message-row.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof promotions.$inferSelect

const VISIBLE = `SELECT ${sequenceIn('m."row"')} FROM`
const IN_ORDER = 'AND m.promotion_id IS NULL ORDER BY m."row"'
const OF_SESSION = `AND m.session_id = ? ${IN_ORDER}`

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
  const ofSession = onFirstUse(() =>
    client.prepare<unknown[], number>(`${VISIBLE} ${MESSAGES_OF} ${OF_SESSION}`).pluck(),
  )
  const between = onFirstUse(() =>
    client.prepare<unknown[], number>(`${VISIBLE} ${MESSAGES_BETWEEN} ${IN_ORDER}`).pluck(),
  )
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
    visibleSequences: async (workstreamId, which) =>
      'sessionId' in which
        ? ofSession().all(workstreamId, which.sessionId)
        : between().all(which.first - 1, which.last + 1, workstreamId),
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
