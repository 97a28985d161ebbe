import { timestampOf } from '@arawn/core/clock'
import { derivedId } from '@arawn/core/derived-id'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import { importedKeyOf } from '@arawn/core/import-source'
import type { LoggedMessage } from '@arawn/core/line'
import type { Stamp } from '@arawn/core/stamp'
import type { AnomalyKind, IndexedLine } from '@arawn/core/workstream-index'
import { applySessionsRecord } from './apply-sessions-record.js'
import { applyWorkstreamRecord } from './apply-workstream-record.js'
import type { Statements } from './statements.js'

/**
 * The projection: lines of a log become rows. The live path, catch-up and rebuild all come through here.
 *
 * It is total. Whatever a line says, the rows stay valid and no error is thrown; what had to be passed over or bent is
 * counted as an anomaly. It depends on nothing but the lines and the rows that earlier lines made.
 */
export interface Projection {
  apply(workstreamId: WorkstreamId, lines: readonly IndexedLine[]): void
}

/** What the parts of the projection share while one line is applied. */
export interface Scene {
  readonly statements: Statements
  readonly workstreamId: WorkstreamId
  readonly at: IndexedLine
  anomaly(kind: AnomalyKind): void
}

export function createProjection(statements: Statements): Projection {
  function apply(workstreamId: WorkstreamId, lines: readonly IndexedLine[]): void {
    const first = lines[0]
    if (first === undefined) return
    const implied = !ensureWorkstream(statements, workstreamId, first)
    const tally = createTally(statements, workstreamId)
    let lastStamp = 0
    for (const at of lines) {
      const scene: Scene = {
        statements,
        workstreamId,
        at,
        anomaly: (kind) => void statements.insertAnomaly.run(workstreamId, at.log, at.sequence, kind),
      }
      lastStamp = Math.max(lastStamp, at.stamp)
      const { line } = at
      if (line.kind === 'skipped') scene.anomaly(line.reason)
      else if (line.kind === 'message') {
        applyMessage(scene, line.message, tally)
        if (implied) implyCreation(statements, workstreamId, line.message.timestamp)
      } else {
        // Counts first: what follows may read the rows that they stand in.
        tally.write()
        applyWorkstreamRecord(scene, line.record)
        applySessionsRecord(scene, line.record)
        statements.touchWorkstream.run(commitTime(at.stamp), workstreamId)
        // An adoption is made whenever somebody notices; it says nothing of when the workstream began.
        if (implied && line.record.type !== 'log_adopted')
          implyCreation(statements, workstreamId, line.record.timestamp)
      }
    }
    tally.write()
    statements.raiseLastStamp.run(lastStamp)
  }
  return { apply }
}

/** When a record was committed, as the rows show it. */
export function commitTime(stamp: Stamp): string {
  return timestampOf(Math.min(stamp / 1000, LATEST_MS))
}

// The last millisecond that a Date can hold and ISO 8601 can write with four digits of year.
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * A workstream whose creation was lost is still there: its other records imply it.
 *
 * @returns whether its creation is known
 */
function ensureWorkstream(statements: Statements, id: WorkstreamId, first: IndexedLine): boolean {
  const there = statements.hasWorkstream.get(id)
  if (there !== undefined) return there.created === 1
  const { line } = first
  statements.insertWorkstream.run(id, id === SCRATCH_ID ? 1 : 0, timestampOf(0), commitTime(first.stamp), 0)
  const creates = line.kind === 'record' && line.record.type === 'workstream_created'
  // Line 0: it is about a line that is missing. Should it come after all, the anomaly goes.
  if (!creates) statements.insertAnomaly.run(id, 'workstream', 0, 'implied_workstream')
  return creates
}

function implyCreation(statements: Statements, id: WorkstreamId, timestamp: string): void {
  const at = normalTimestamp(timestamp)
  statements.implyCreation.run({ id, at, ms: Date.parse(at) })
}

function applyMessage({ statements, workstreamId, at, anomaly }: Scene, message: LoggedMessage, tally: Tally): void {
  const { sequence, stamp, offset, length } = at
  const saidAt = normalTimestamp(message.timestamp)
  const sessionId =
    message.session_id ??
    statements.sessionBefore.get(workstreamId, sequence)?.session_id ??
    derivedId('ses', workstreamId, sequence)
  const insert = (id: string) =>
    statements.insertMessage.run(workstreamId, sequence, id, sessionId, stamp, offset, length).changes > 0
  const derived = () => derivedId('msg', workstreamId, sequence)
  if (!insert(message.id ?? derived())) {
    anomaly('duplicate_id')
    if (!insert(derived())) return
  }
  if (!tally.knows(sessionId) && statements.sessionExists.get(workstreamId, sessionId) === undefined) {
    anomaly('implied_session')
    const { ordinal } = statements.nextOrdinal.get(workstreamId) ?? { ordinal: 1 }
    statements.insertSession.run(workstreamId, sessionId, ordinal, saidAt, saidAt, 'ended', 'implied', stamp)
  }
  tally.add(sessionId, message.role === 'user', saidAt, stamp)
  const key = importedKeyOf(message)
  if (key !== undefined) statements.insertImported.run(workstreamId, key, sequence)
}

/** UTC with milliseconds, so that times compare as text. Our own records have that form already. */
function normalTimestamp(timestamp: string): string {
  return timestamp.length === 24 && timestamp.endsWith('Z') ? timestamp : timestampOf(Date.parse(timestamp))
}

/** Adds up what messages change in the rows of their session and workstream, so that a batch writes each row once. */
interface Tally {
  knows(sessionId: string): boolean
  add(sessionId: string, beginsTurn: boolean, saidAt: string, stamp: Stamp): void
  write(): void
}

function createTally(statements: Statements, workstreamId: WorkstreamId): Tally {
  let session: { id: string; messages: number; turns: number; saidAt: string; stamp: Stamp } | undefined
  let total = { count: 0, saidAt: '', stamp: 0 }

  function writeSession(): void {
    if (session === undefined) return
    statements.countInSession.run(session.messages, session.turns, session.stamp, workstreamId, session.id)
    statements.extendEndedSession.run(session.saidAt, workstreamId, session.id)
    session = undefined
  }

  return {
    knows: (sessionId) => session?.id === sessionId,
    add(sessionId, beginsTurn, saidAt, stamp) {
      if (session?.id !== sessionId) {
        writeSession()
        session = { id: sessionId, messages: 0, turns: 0, saidAt, stamp }
      }
      session.messages++
      if (beginsTurn) session.turns++
      if (saidAt > session.saidAt) session.saidAt = saidAt
      session.stamp = Math.max(session.stamp, stamp)
      total.count++
      if (saidAt > total.saidAt) total.saidAt = saidAt
      total.stamp = Math.max(total.stamp, stamp)
    },
    write() {
      writeSession()
      if (total.count === 0) return
      statements.countMessages.run({
        id: workstreamId,
        count: total.count,
        updatedAt: commitTime(total.stamp),
        saidAt: total.saidAt,
        saidMs: Date.parse(total.saidAt),
      })
      total = { count: 0, saidAt: '', stamp: 0 }
    },
  }
}
