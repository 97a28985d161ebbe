import { WorkstreamError } from '@arawn/core/error'
import { type AppendEntry, MAX_LINE_BYTES } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { checkWorkstreamId, type LogAddress } from '../paths/workstream-path.js'

/** All lines that one append adds to one log, each with its LF. */
export interface EncodedLines {
  readonly address: LogAddress
  readonly bytes: Uint8Array
}

/**
 * Checks and joins the lines of a group, in the order in which logs are written. Entries without lines are left out.
 *
 * @throws LOG_LINE_TOO_LONG | INVALID_WORKSTREAM_ID | INTERNAL a line with an LF, or two entries for one log
 */
export function encodeGroup(entries: readonly AppendEntry[]): EncodedLines[] {
  if (entries.length > 1) checkDistinct(entries)
  const group: EncodedLines[] = []
  for (const log of logNames) {
    for (const entry of entries) {
      if (entry.log !== log) continue
      checkEntry(entry)
      const { workstreamId, lines } = entry
      if (lines.length > 0) group.push({ address: { workstreamId, log }, bytes: joined(lines) })
    }
  }
  return group
}

function checkDistinct(entries: readonly AppendEntry[]): void {
  const seen = new Set(entries.map((entry) => `${entry.workstreamId}/${entry.log}`))
  if (seen.size < entries.length) throw internal('two entries of one append are for the same log')
}

function checkEntry({ workstreamId, log, lines }: AppendEntry): void {
  checkWorkstreamId(workstreamId)
  for (const line of lines) checkLine(line, { workstreamId, log })
}

/** @throws LOG_LINE_TOO_LONG | INTERNAL it holds an LF */
export function checkLine(line: string | Uint8Array, { workstreamId, log }: LogAddress): void {
  if (holdsNewline(line)) throw internal('a line holds an LF')
  const bytes = lineBytes(line)
  if (bytes <= MAX_LINE_BYTES) return
  throw new WorkstreamError(
    'LOG_LINE_TOO_LONG',
    `line of ${bytes} bytes in ${log} of ${workstreamId}; the limit is ${MAX_LINE_BYTES}`,
    { workstreamId, log, bytes, limitBytes: MAX_LINE_BYTES },
  )
}

function holdsNewline(line: string | Uint8Array): boolean {
  return typeof line === 'string' ? line.includes('\n') : line.includes(LF)
}

/** Exact only when it could matter: UTF-8 takes at most three bytes for each unit of a string. */
function lineBytes(line: string | Uint8Array): number {
  if (typeof line !== 'string') return line.byteLength
  return line.length * 3 <= MAX_LINE_BYTES ? line.length : Buffer.byteLength(line)
}

function joined(lines: readonly (string | Uint8Array)[]): Buffer {
  if (lines.every((line) => typeof line === 'string')) {
    const only = lines.length === 1 ? lines[0] : undefined
    return Buffer.from(`${only ?? lines.join('\n')}\n`)
  }
  return Buffer.concat(lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, NEWLINE]))
}

const LF = 0x0a
const NEWLINE = Buffer.from([LF])

function internal(problem: string): WorkstreamError<'INTERNAL'> {
  return new WorkstreamError('INTERNAL', problem, { problem })
}
