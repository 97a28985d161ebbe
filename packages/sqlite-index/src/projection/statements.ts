import type { Database, Statement } from 'better-sqlite3'
import { borderRow, ROW_OF, ROWS_OF } from '../query/message-row.js'

/** How many messages one statement may insert. More at once saves little more. */
export const MESSAGES_AT_ONCE = { many: 16, some: 4 } as const

/** Number of the workstream, sequence, id, session, role, stamp, offset, length. */
const MESSAGE = `(${ROW_OF}, ?, ?, ?, ?, ?, ?)`
const insertMessages = (count: number) =>
  `INSERT INTO messages ("row", id, session_id, role, stamp, "offset", length) VALUES ${Array(count).fill(MESSAGE).join(', ')}`
const BORDER = borderRow('?')

/**
 * The writes of the projection, each prepared once. They are plain SQL because they run for every line of every log:
 * a query builder would cost more than the write.
 */
const texts = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  savepoint: 'SAVEPOINT here',
  releaseSavepoint: 'RELEASE here',
  backToSavepoint: 'ROLLBACK TO here',
  /** Changes when another connection has committed (https://sqlite.org/pragma.html#pragma_data_version). */
  dataVersion: 'PRAGMA data_version',

  workstream: 'SELECT number, created FROM workstreams WHERE id = ?',
  insertWorkstream: `INSERT INTO workstreams (id, is_scratch, state, tags, metadata, created_at, updated_at, message_count, listed_ms, created)
     VALUES (?, ?, 'active', '[]', '{}', ?, ?, 0, ?, 0)`,
  fillWorkstream: `UPDATE workstreams SET title = @title, title_folded = @titleFolded, is_scratch = @isScratch, default_model = @defaultModel,
       metadata = @metadata, created_at = @createdAt,
       forked_from_workstream = @forkedFromWorkstream, forked_from_message = @forkedFromMessage,
       listed_ms = CASE WHEN last_message_at IS NULL THEN @createdMs ELSE listed_ms END, created = 1
     WHERE id = @id`,
  setTitle: 'UPDATE workstreams SET title = ?, title_folded = ? WHERE id = ?',
  setDefaultModel: 'UPDATE workstreams SET default_model = ? WHERE id = ?',
  setMetadata: 'UPDATE workstreams SET metadata = ? WHERE id = ?',
  setTags: 'UPDATE workstreams SET tags = ? WHERE id = ?',
  deleteTags: 'DELETE FROM workstream_tags WHERE workstream_id = ?',
  insertTag: 'INSERT OR IGNORE INTO workstream_tags (workstream_id, tag) VALUES (?, ?)',
  setState: 'UPDATE workstreams SET state = ? WHERE id = ?',
  setWorkstreamSummary: 'UPDATE workstreams SET summary = ? WHERE id = ?',
  touchWorkstream: 'UPDATE workstreams SET updated_at = max(updated_at, ?) WHERE id = ?',
  /** Until its creation is known, the earliest time that is told; 1970 stands for none. */
  implyCreation: `UPDATE workstreams SET
       created_at = CASE WHEN created_at = '1970-01-01T00:00:00.000Z' THEN @at ELSE min(created_at, @at) END,
       listed_ms = CASE WHEN last_message_at IS NOT NULL THEN listed_ms WHEN listed_ms = 0 THEN @ms ELSE min(listed_ms, @ms) END
     WHERE id = @id AND created = 0`,
  countMessages: `UPDATE workstreams SET message_count = message_count + @count, updated_at = max(updated_at, @updatedAt),
       listed_ms = CASE WHEN last_message_at IS NULL THEN @saidMs ELSE max(listed_ms, @saidMs) END,
       last_message_at = max(coalesce(last_message_at, ''), @saidAt)
     WHERE id = @id`,

  sessionExists: 'SELECT reason FROM sessions WHERE workstream_id = ? AND id = ?',
  nextOrdinal: 'SELECT coalesce(max(ordinal), 0) + 1 AS ordinal FROM sessions WHERE workstream_id = ?',
  insertSession: `INSERT INTO sessions
       (workstream_id, id, ordinal, started_at, ended_at, status, reason, turn_count, message_count, last_activity_stamp)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
  supersedeSession: `UPDATE sessions SET status = 'ended', reason = 'superseded', ended_at = ?
     WHERE workstream_id = ? AND status = 'active'`,
  closeSession: `UPDATE sessions SET status = ?, reason = ?, ended_at = ?
     WHERE workstream_id = ? AND id = ? AND (status = 'active' OR reason = 'implied')`,
  setSessionSummary: 'UPDATE sessions SET summary = ? WHERE workstream_id = ? AND id = ?',
  countInSession: `UPDATE sessions SET message_count = message_count + ?, turn_count = turn_count + ?,
       last_activity_stamp = max(last_activity_stamp, ?) WHERE workstream_id = ? AND id = ?`,
  extendEndedSession: `UPDATE sessions SET ended_at = max(ended_at, ?)
     WHERE workstream_id = ? AND id = ? AND reason IN ('implied', 'imported')`,

  insertMessage: `INSERT OR IGNORE INTO messages ("row", id, session_id, role, stamp, "offset", length) VALUES ${MESSAGE}`,
  insertManyMessages: insertMessages(MESSAGES_AT_ONCE.many),
  insertSomeMessages: insertMessages(MESSAGES_AT_ONCE.some),
  hasMessage: `SELECT id FROM messages WHERE "row" = ${ROW_OF}`,
  sessionBefore: `SELECT session_id FROM messages WHERE "row" > (? << 32) AND "row" < ${ROW_OF} ORDER BY "row" DESC LIMIT 1`,
  insertPromotion: `INSERT OR IGNORE INTO promotions (workstream_id, id, target_id, target_title, coverage, stamp, completed)
     VALUES (?, ?, ?, ?, ?, ?, 0)`,
  promotion: 'SELECT coverage, completed FROM promotions WHERE workstream_id = ? AND id = ?',
  completePromotion: 'UPDATE promotions SET completed = 1 WHERE workstream_id = ? AND id = ?',
  countBeforeHiding: `SELECT session_id, count(*) AS messages, sum(role = 'user') AS turns FROM messages
     WHERE "row" BETWEEN ${BORDER} AND ${BORDER} AND promotion_id IS NULL GROUP BY session_id`,
  hideMessages: `UPDATE messages SET promotion_id = ? WHERE "row" BETWEEN ${BORDER} AND ${BORDER} AND promotion_id IS NULL`,
  lessInSession: `UPDATE sessions SET message_count = message_count - ?, turn_count = turn_count - ?
     WHERE workstream_id = ? AND id = ?`,
  lessInWorkstream: 'UPDATE workstreams SET message_count = message_count - ? WHERE id = ?',
  supersedeTurn: `UPDATE turns SET status = 'interrupted', ended_at = ? WHERE workstream_id = ? AND status = 'running'`,
  insertTurn: `INSERT OR IGNORE INTO turns (workstream_id, interaction_id, session_id, message_id, status, owner, started_at)
     VALUES (?, ?, ?, ?, 'running', ?, ?)`,
  turnExists: 'SELECT status FROM turns WHERE workstream_id = ? AND interaction_id = ?',
  endTurn: `UPDATE turns SET status = ?, ended_at = ?, model = ?, usage = ?, cost_usd = ?, error = ?, error_message = ?
     WHERE workstream_id = ? AND interaction_id = ? AND status = 'running'`,
  insertSummary: `INSERT OR IGNORE INTO summaries
       (workstream_id, stamp, id, session_id, key, coverage, has_words, degraded, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  keepTokenCount:
    'INSERT OR REPLACE INTO cache_token_counts (workstream_id, counter, sequence, tokens) VALUES (?, ?, ?, ?)',
  insertAttempt: 'INSERT OR IGNORE INTO compression_attempts (workstream_id, stamp, key, outcome) VALUES (?, ?, ?, ?)',
  insertBatch: `INSERT OR IGNORE INTO compression_batches (workstream_id, id, stamp, model, keys, owner, claimed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  submitBatch: `UPDATE compression_batches SET batch_id = ?, expires_at = ?
     WHERE workstream_id = ? AND id = ? AND batch_id IS NULL AND outcome IS NULL`,
  collectBatch: 'UPDATE compression_batches SET outcome = ? WHERE workstream_id = ? AND id = ? AND outcome IS NULL',
  insertKey: `INSERT OR IGNORE INTO idempotency_keys (scope, key, request_hash, workstream_id, log, sequence, stamp)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  insertSource: 'INSERT OR IGNORE INTO import_sources (format, conversation_id, workstream_id) VALUES (?, ?, ?)',
  insertImported: 'INSERT OR IGNORE INTO imported_messages (workstream_id, key, sequence) VALUES (?, ?, ?)',

  setHead: `INSERT INTO log_heads
       (workstream_id, log, bytes, lines, last_line_offset, last_line_hash, last_stamp, generation)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (workstream_id, log) DO UPDATE SET bytes = excluded.bytes, lines = excluded.lines,
       last_line_offset = excluded.last_line_offset, last_line_hash = excluded.last_line_hash,
       last_stamp = excluded.last_stamp, generation = excluded.generation`,
  removeHead: 'DELETE FROM log_heads WHERE workstream_id = ? AND log = ?',
  insertAnomaly: 'INSERT OR IGNORE INTO anomalies (workstream_id, log, sequence, kind) VALUES (?, ?, ?, ?)',
  removeAnomaly: 'DELETE FROM anomalies WHERE workstream_id = ? AND log = ? AND sequence = ? AND kind = ?',
  forgetMessages: `DELETE FROM messages WHERE "row" ${ROWS_OF}`,
  raiseLastStamp: 'UPDATE index_identity SET last_stamp = max(last_stamp, ?)',
} as const

/** What those that read give. */
interface Rows {
  dataVersion: { data_version: number }
  workstream: { number: number; created: number }
  sessionExists: { reason: string | null }
  nextOrdinal: { ordinal: number }
  hasMessage: { id: string }
  sessionBefore: { session_id: string }
  promotion: { coverage: string; completed: number }
  turnExists: { status: string }
  countBeforeHiding: { session_id: string; messages: number; turns: number }
}

export type Statements = {
  readonly [Name in keyof typeof texts]: Statement<unknown[], Name extends keyof Rows ? Rows[Name] : unknown>
}

/** Each is prepared when it is first run: a command that only reads needs none of them. The connection keeps them. */
export function prepareStatements(db: Database): Statements {
  const prepared = Object.entries(texts).map(([name, text]) => [name, { get: () => db.prepare(text) }])
  // Object.fromEntries forgets the names that the entries had.
  return Object.defineProperties({}, Object.fromEntries(prepared)) as Statements
}

/** Every table whose rows belong to one workstream, with the column that says to which; `messages` goes by the number. */
export const workstreamTables = [
  ['workstreams', 'id'],
  ['workstream_tags', 'workstream_id'],
  ['sessions', 'workstream_id'],
  ['import_sources', 'workstream_id'],
  ['imported_messages', 'workstream_id'],
  ['promotions', 'workstream_id'],
  ['turns', 'workstream_id'],
  ['summaries', 'workstream_id'],
  ['compression_attempts', 'workstream_id'],
  ['compression_batches', 'workstream_id'],
  ['cache_token_counts', 'workstream_id'],
  ['idempotency_keys', 'workstream_id'],
  ['log_heads', 'workstream_id'],
  ['anomalies', 'workstream_id'],
] as const
