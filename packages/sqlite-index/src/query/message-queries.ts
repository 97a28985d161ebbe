import type { IndexReader, MessagePosition, MessageQuery } from '@arawn/core/workstream-index'
import type { Statement } from 'better-sqlite3'
import { and, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { importedMessages, messages } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

const position = {
  id: messages.id,
  role: messages.role,
  session_id: messages.sessionId,
  sequence: messages.sequence,
  stamp: messages.stamp,
  offset: messages.offset,
  length: messages.length,
  promotion_id: messages.promotionId,
}

/** The columns of a page, in the order in which they are asked for. Rows as objects would take half as long again. */
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
      SELECT 1 FROM messages e WHERE e.workstream_id = m.workstream_id AND e.session_id = m.session_id AND e.stamp <= @stamp)) AS sessions
    FROM imported_messages i JOIN messages m ON m.workstream_id = i.workstream_id AND m.sequence = i.sequence
    WHERE i.workstream_id = @workstreamId AND i.key IN (SELECT value FROM json_each(@keys)) AND m.stamp > @stamp`

export function createMessageQueries({ db, client }: Connection) {
  const byId = onFirstUse(() =>
    db
      .select(position)
      .from(messages)
      .where(and(eq(messages.workstreamId, sql.placeholder('workstreamId')), eq(messages.id, sql.placeholder('id'))))
      .prepare(),
  )
  // A page is asked for again and again, in eight ways at the most.
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
    message: async (workstreamId, id) => byId().get({ workstreamId, id }),
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
  const conditions = ['workstream_id = ?']
  const params: unknown[] = [workstreamId]
  if (after !== undefined) {
    conditions.push('sequence > ?')
    params.push(after)
  }
  if (before !== undefined) {
    conditions.push('sequence < ?')
    params.push(before)
  }
  if (!includePromoted) conditions.push('promotion_id IS NULL')
  const order = after === undefined ? 'DESC' : 'ASC'
  return {
    sql: `SELECT id, role, session_id, sequence, stamp, "offset", length, promotion_id FROM messages
      WHERE ${conditions.join(' AND ')} ORDER BY sequence ${order} LIMIT ?`,
    params: [...params, limit + 1],
  }
}
