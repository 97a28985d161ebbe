import { derivedId } from '@arawn/core/derived-id'
import type { WorkstreamId } from '@arawn/core/id'
import { importedKeyOf } from '@arawn/core/import-source'
import type { LoggedMessage } from '@arawn/core/line'
import type { IndexedLine } from '@arawn/core/workstream-index'
import BetterSqlite3 from 'better-sqlite3'
import type { Scene } from './apply-lines.js'
import { normalTimestamp } from './normal-timestamp.js'
import { rememberKey } from './remember-key.js'
import { MESSAGES_AT_ONCE, type Statements } from './statements.js'
import type { Tally } from './tally.js'

/** @param inserted whether its row is there already */
export function applyMessage(scene: Scene, message: LoggedMessage, tally: Tally, inserted: boolean): void {
  const { statements, workstreamId, number, at, anomaly } = scene
  const { sequence, stamp, offset, length } = at
  const saidAt = normalTimestamp(message.timestamp)
  const sessionId =
    message.session_id ??
    statements.sessionBefore.get(number, number, sequence)?.session_id ??
    derivedId('ses', workstreamId, sequence)
  const insert = (id: string) =>
    statements.insertMessage.run(number, sequence, id, sessionId, message.role, stamp, offset, length).changes > 0
  if (!inserted && !insert(message.id ?? derivedId('msg', workstreamId, sequence))) {
    anomaly('duplicate_id')
    if (statements.hasMessage.get(number, sequence) !== undefined) return
    insertUnderOther(insert, workstreamId, sequence)
  }
  if (!tally.knows(sessionId) && statements.sessionExists.get(workstreamId, sessionId) === undefined) {
    anomaly('implied_session')
    const { ordinal } = statements.nextOrdinal.get(workstreamId) ?? { ordinal: 1 }
    statements.insertSession.run(workstreamId, sessionId, ordinal, saidAt, saidAt, 'ended', 'implied', stamp)
  }
  tally.add(sessionId, message.role === 'user', saidAt, stamp)
  const key = importedKeyOf(message)
  if (key !== undefined) statements.insertImported.run(workstreamId, key, sequence)
  rememberKey(scene, workstreamId, message.idempotency)
}

/** Somebody may have written the very id that a line gets by its place, more than once even. Each line has its row. */
function insertUnderOther(insert: (id: string) => boolean, workstreamId: WorkstreamId, sequence: number): void {
  let place: string = workstreamId
  while (!insert(derivedId('msg', place, sequence))) place += "'"
}

/**
 * Inserts the rows of the next few messages with one statement, which costs half of what one for each does. It needs
 * complete messages; when one of their ids is there already, nothing is inserted.
 *
 * @returns up to which line this says whether rows are there
 */
export function insertTogether(
  statements: Statements,
  number: number,
  lines: readonly IndexedLine[],
  start: number,
): { end: number; inserted: boolean } {
  const end = start + MESSAGES_AT_ONCE
  const values: unknown[] = []
  for (let index = start; index < end; index++) {
    const at = end > lines.length ? undefined : lines[index]
    if (at?.line.kind !== 'message') return { end: start + 1, inserted: false }
    const { id, session_id, role } = at.line.message
    if (id === undefined || session_id === undefined) return { end: start + 1, inserted: false }
    values.push(number, at.sequence, id, session_id, role, at.stamp, at.offset, at.length)
  }
  try {
    statements.insertMessages.run(values)
    return { end, inserted: true }
  } catch (error) {
    // One by one it shows which of them it is.
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT'))
      return { end, inserted: false }
    throw error
  }
}
