import type { OpenFile } from '@arawn/core/file-system'
import type { RawLine } from '@arawn/core/log-store'

/**
 * Reads the whole lines between two byte offsets, a batch for every MiB or so. One buffer is filled again and again,
 * so a batch is valid until the next one is asked for. A line longer than the buffer makes it grow.
 */
export async function* readLines(file: OpenFile, from: number, to: number): AsyncGenerator<readonly RawLine[], void> {
  let buffer: Buffer = Buffer.allocUnsafe(Math.max(0, Math.min(CHUNK_BYTES, to - from)))
  /** Where `buffer[0]` lies in the log. */
  let base = from
  let filled = 0
  while (base + filled < to) {
    if (filled === buffer.byteLength) buffer = grown(buffer, to - base)
    const room = Math.min(buffer.byteLength, to - base)
    const count = await file.read(buffer.subarray(filled, room), base + filled)
    if (count === 0) return
    const lines = splitLines(buffer.subarray(0, filled + count), filled, base)
    filled += count
    const last = lines.at(-1)
    if (last === undefined) continue
    yield lines
    const consumed = last.offset - base + last.bytes.byteLength + 1
    buffer.copyWithin(0, consumed, filled)
    base += consumed
    filled -= consumed
  }
}

const CHUNK_BYTES = 1024 * 1024
const LF = 0x0a

/** @param searchFrom there is no LF before it */
function splitLines(buffer: Buffer, searchFrom: number, base: number): RawLine[] {
  const lines: RawLine[] = []
  let start = 0
  let newline = buffer.indexOf(LF, searchFrom)
  while (newline >= 0) {
    lines.push({ offset: base + start, bytes: buffer.subarray(start, newline) })
    start = newline + 1
    newline = buffer.indexOf(LF, start)
  }
  return lines
}

function grown(buffer: Buffer, limit: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(buffer.byteLength * 2, limit))
  buffer.copy(larger)
  return larger
}
