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
  const complete = completeFrom(lines, start)
  const { many, some } = MESSAGES_AT_ONCE
  if (complete < some) return { end: start + Math.max(complete, 1), inserted: false }
  const end = start + (complete === many ? many : some)
  const values: unknown[] = []
  for (let index = start; index < end; index++) {
    const at = lines[index]
    if (at?.line.kind !== 'message') continue
    const { id, session_id, role } = at.line.message
    values.push(number, at.sequence, id, session_id, role, at.stamp, at.offset, at.length)
  }
  try {
    if (complete === many) statements.insertManyMessages.run(values)
    else statements.insertSomeMessages.run(values)
    return { end, inserted: true }
  } catch (error) {
    // One by one it shows which of them it is.
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT'))
      return { end, inserted: false }
    throw error
  }
}

/** How many messages come next that say all that their rows need; no more than one statement inserts. */
function completeFrom(lines: readonly IndexedLine[], start: number): number {
  const end = Math.min(start + MESSAGES_AT_ONCE.many, lines.length)
  for (let index = start; index < end; index++) {
    const line = lines[index]?.line
    if (line?.kind !== 'message' || line.message.id === undefined || line.message.session_id === undefined)
      return index - start
  }
  return end - start
}
