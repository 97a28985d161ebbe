import { WorkstreamError } from '@arawn/core/error'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import { type LogName, logNames } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'

/** Where a line stands in the order of everything: by stamp, then, where lines share one, by workstream, log and sequence. */
export interface Place {
  readonly stamp: Stamp
  readonly workstreamId: WorkstreamId
  readonly log: LogName
  readonly sequence: number
}

export function comparePlaces(a: Place, b: Place): number {
  if (a.stamp !== b.stamp) return a.stamp - b.stamp
  if (a.workstreamId !== b.workstreamId) return a.workstreamId < b.workstreamId ? -1 : 1
  if (a.log !== b.log) return logNames.indexOf(a.log) - logNames.indexOf(b.log)
  return a.sequence - b.sequence
}

/** The place behind every line with this stamp. */
export function behindStamp(stamp: Stamp): Place {
  return { stamp, workstreamId: AFTER_ALL_IDS, log: 'messages', sequence: Number.POSITIVE_INFINITY }
}

// Greater than whatever an id may begin with.
const AFTER_ALL_IDS = '~'

/** A place as callers keep it. */
export function cursorOf({ stamp, workstreamId, log, sequence }: Place): string {
  return `${stamp}/${workstreamId}/${log}/${sequence}`
}

/** @throws INVALID_INPUT */
export function parseCursor(since: string | Stamp): Place {
  const [stamp, workstreamId, log, sequence, ...rest] = String(since).split('/')
  if (!isCount(stamp) || rest.length > 0) throw noCursor()
  if (workstreamId === undefined) return behindStamp(Number(stamp))
  const name = logNames.find((known) => known === log)
  if (!isWorkstreamId(workstreamId) || name === undefined || !isCount(sequence)) throw noCursor()
  return { stamp: Number(stamp), workstreamId, log: name, sequence: Number(sequence) }
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
}

function noCursor(): WorkstreamError<'INVALID_INPUT'> {
  const problem = 'takes the cursor of an event, or a stamp'
  return new WorkstreamError('INVALID_INPUT', `since: ${problem}`, { path: 'since', problem })
}
