import { timestampOf } from '@arawn/core/clock'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import { commitTime } from '@arawn/core/stamp'
import type { AnomalyKind, IndexedLine } from '@arawn/core/workstream-index'
import { applyMessage, insertTogether } from './apply-message.js'
import { applySessionsRecord } from './apply-sessions-record.js'
import { applyWorkstreamRecord } from './apply-workstream-record.js'
import { normalTimestamp } from './normal-timestamp.js'
import type { Statements } from './statements.js'
import { createTally } from './tally.js'

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
  /** What stands for its id in the rows of messages. */
  readonly number: number
  readonly at: IndexedLine
  anomaly(kind: AnomalyKind): void
}

export function createProjection(statements: Statements): Projection {
  function apply(workstreamId: WorkstreamId, lines: readonly IndexedLine[]): void {
    const first = lines[0]
    if (first === undefined) return
    const { number, implied } = ensureWorkstream(statements, workstreamId, first)
    const tally = createTally(statements, workstreamId)
    let lastStamp = 0
    let run = { end: 0, inserted: false }
    for (const [index, at] of lines.entries()) {
      if (index >= run.end) run = insertTogether(statements, number, lines, index)
      const scene: Scene = {
        statements,
        workstreamId,
        number,
        at,
        anomaly: (kind) => void statements.insertAnomaly.run(workstreamId, at.log, at.sequence, kind),
      }
      lastStamp = Math.max(lastStamp, at.stamp)
      const { line } = at
      if (line.kind === 'skipped') scene.anomaly(line.reason)
      else if (line.kind === 'message') {
        applyMessage(scene, line.message, tally, run.inserted)
        if (implied) implyCreation(statements, workstreamId, line.message.timestamp)
      } else {
        // Counts first: what follows may read the rows that they stand in.
        tally.write()
        applyWorkstreamRecord(scene, line.record)
        applySessionsRecord(scene, line.record)
        // Only for those who follow: it was elsewhere that something changed.
        if (line.record.type === 'workstream_arrived') continue
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

/**
 * A workstream whose creation was lost is still there: its other records imply it.
 *
 * @returns `implied`: its creation is not known
 */
function ensureWorkstream(
  statements: Statements,
  id: WorkstreamId,
  first: IndexedLine,
): { number: number; implied: boolean } {
  const there = statements.workstream.get(id)
  if (there !== undefined) return { number: there.number, implied: there.created === 0 }
  const { line } = first
  const { lastInsertRowid } = statements.insertWorkstream.run(
    id,
    id === SCRATCH_ID ? 1 : 0,
    timestampOf(0),
    commitTime(first.stamp),
    0,
  )
  const creates = line.kind === 'record' && line.record.type === 'workstream_created'
  // Line 0: it is about a line that is missing. Should it come after all, the anomaly goes.
  if (!creates) statements.insertAnomaly.run(id, 'workstream', 0, 'implied_workstream')
  return { number: Number(lastInsertRowid), implied: !creates }
}

function implyCreation(statements: Statements, id: WorkstreamId, timestamp: string): void {
  const at = normalTimestamp(timestamp)
  statements.implyCreation.run({ id, at, ms: Date.parse(at) })
}
