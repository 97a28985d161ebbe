import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { encodeLine } from '@arawn/core/line'
import { MAX_LINE_BYTES } from '@arawn/core/log-store'
import type { LogName, LogRecord } from '@arawn/core/record'
import type { IndexedLine, IndexHeads } from '@arawn/core/workstream-index'
import type { DecidedRecord } from '@arawn/engine/decision'

/** A record as it goes into its log and, with where it will stand there, into the rows. */
export interface StagedLine {
  readonly text: string
  readonly indexed: IndexedLine
}

/**
 * Puts records behind what the logs have.
 *
 * @returns the lines, in order, and how far the logs go with them; the generation of a log that is new is not known yet
 * @throws LOG_LINE_TOO_LONG
 */
export function stageLines(
  workstreamId: WorkstreamId,
  before: IndexHeads,
  records: readonly DecidedRecord[],
): { lines: StagedLine[]; heads: IndexHeads } {
  const heads = { ...before }
  const lines = records.map(({ log, record }) => {
    const text = encodeLine(record)
    const length = Buffer.byteLength(text)
    if (length > MAX_LINE_BYTES) throw lineTooLong(workstreamId, log, length)
    const head = heads[log]
    const sequence = head.lines + 1
    const offset = head.bytes
    heads[log] = {
      bytes: offset + length + 1,
      lines: sequence,
      lastLineOffset: offset,
      lastLineHash: '',
      lastStamp: Math.max(head.lastStamp, record.stamp),
      generation: head.generation,
    }
    const { stamp } = record
    return { text, indexed: { log, sequence, offset, length, stamp, line: asLine(record) } }
  })
  return { lines, heads }
}

function asLine(record: LogRecord): IndexedLine['line'] {
  return record.type === undefined ? { kind: 'message', message: record } : { kind: 'record', record }
}

function lineTooLong(workstreamId: string, log: LogName, bytes: number): WorkstreamError {
  return new WorkstreamError(
    'LOG_LINE_TOO_LONG',
    `one record would be a line of ${bytes} bytes; the limit is ${MAX_LINE_BYTES}`,
    { workstreamId, log, bytes, limitBytes: MAX_LINE_BYTES },
  )
}
