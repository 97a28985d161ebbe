import type { IndexReader, MessagePosition, MessageQuery } from '@arawn/core/workstream-index'
import type { Statement } from 'better-sqlite3'
import { and, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { importedMessages } from '../schema.js'
import { MESSAGES_BETWEEN, ROWS, rowsOf, sequenceIn } from './message-row.js'
import { onFirstUse } from './on-first-use.js'

const POSITION = `m.id, m.role, m.session_id, ${sequenceIn('m."row"')}, m.stamp, m."offset", m.length, m.promotion_id`

/** In that order. Rows as objects would take half as long again. */
type PositionRow = [
  id: MessagePosition['id'],
  role: MessagePosition['role'],
  sessionId: MessagePosition['session_id'],
  sequence: number,
  stamp: MessagePosition['stamp'],
  offset: number,
  length: number,
  promotionId: string | null,
]

function toPosition([
  id,
  role,
  session_id,
  sequence,
  stamp,
  offset,
  length,
  promotion_id,
]: PositionRow): MessagePosition {
  return { id, role, session_id, sequence, stamp, offset, length, promotion_id }
}

/** A session began with an import when none of its messages was there before. */
const IMPORTED_SINCE = `SELECT count(*) AS messages, count(DISTINCT session_id) FILTER (WHERE NOT EXISTS (
      SELECT 1 FROM messages e WHERE e."row" ${rowsOf('w.number')}
        AND e.session_id = m.session_id AND e.stamp <= @stamp)) AS sessions
    FROM imported_messages i JOIN workstreams w ON w.id = i.workstream_id JOIN messages m ON m."row" = (w.number << 32) + i.sequence
    WHERE i.workstream_id = @workstreamId AND i.key IN (SELECT value FROM json_each(@keys)) AND m.stamp > @stamp`

/** `id, workstream id`. With the plus, the number has no type that would keep SQLite from the index on an expression. */
export const MESSAGE_BY_ID = `SELECT ${POSITION} FROM workstreams AS w CROSS JOIN messages AS m ON m."row" >> 32 = +w.number AND m.id = ?
  WHERE w.id = ?`

export function createMessageQueries({ db, client }: Connection) {
  const byId = onFirstUse(() => client.prepare<unknown[], PositionRow>(MESSAGE_BY_ID).raw())
  // A page is asked for again and again, in four ways at the most.
  const pages = new Map<string, Statement<unknown[], PositionRow>>()
  function pageOf(sql: string): Statement<unknown[], PositionRow> {
    const known = pages.get(sql) ?? client.prepare<unknown[], PositionRow>(sql).raw()
    pages.set(sql, known)
    return known
  }
  const importedKey = onFirstUse(() =>
    db
      .select({ key: importedMessages.key })
      .from(importedMessages)
      .where(
        and(
          eq(importedMessages.workstreamId, sql.placeholder('workstreamId')),
          eq(importedMessages.key, sql.placeholder('key')),
        ),
      )
      .prepare(),
  )

  return {
    messages: async (query) => {
      const { sql, params } = messagesQuery(query)
      const rows = pageOf(sql).all(...params)
      const shown = rows.slice(0, query.limit).map(toPosition)
      if (query.after === undefined) shown.reverse()
      return { items: shown, hasMore: rows.length > query.limit }
    },
    message: async (workstreamId, id) => {
      const row = byId().get(id, workstreamId)
      return row === undefined ? undefined : toPosition(row)
    },
    importedSince: async (workstreamId, keys, stamp) =>
      client
        .prepare<[object], { messages: number; sessions: number }>(IMPORTED_SINCE)
        .get({ workstreamId, stamp, keys: JSON.stringify(keys) }) ?? { messages: 0, sessions: 0 },
    importedKeys: async (workstreamId, keys) =>
      new Set(keys.filter((key) => importedKey().get({ workstreamId, key }) !== undefined)),
  } satisfies Partial<IndexReader>
}

/**
 * In plain SQL, because it runs for every message of every workstream that is searched, counted or compressed: mapping
 * the rows took longer than reading them.
 */
export function messagesQuery({ workstreamId, limit, after, before, includePromoted = false }: MessageQuery) {
  const shown = includePromoted ? '' : 'AND m.promotion_id IS NULL'
  const order = after === undefined ? 'DESC' : 'ASC'
  return {
    sql: `SELECT ${POSITION} FROM ${MESSAGES_BETWEEN} ${shown} ORDER BY m."row" ${order} LIMIT ?`,
    params: [after ?? 0, before ?? ROWS, workstreamId, limit + 1],
  }
}
