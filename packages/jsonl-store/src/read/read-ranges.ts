import type { ByteRange } from '@arawn/core/log-store'
import type { LogAddress } from '../paths/workstream-path.js'
import { holdLog, type ReadParts, reading } from './hold-log.js'

export async function readRange(parts: ReadParts, address: LogAddress, range: ByteRange): Promise<Uint8Array> {
  const [bytes] = await readRanges(parts, address, [range])
  return bytes as Uint8Array
}

/** @returns by range the bytes that are there, possibly none */
export async function readRanges(
  parts: ReadParts,
  address: LogAddress,
  ranges: readonly ByteRange[],
): Promise<Uint8Array[]> {
  const held = holdLog(parts, address)
  if (held === undefined) return ranges.map(() => new Uint8Array(0))
  const { file } = held.log
  const lengths = ranges.map(({ offset, length }) => Math.max(0, Math.min(length, held.sizeBytes - offset)))
  // One piece of memory for all of them.
  const all = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0))
  let end = 0
  try {
    const read: Uint8Array[] = []
    for (const [index, { offset }] of ranges.entries()) {
      const bytes = all.subarray(end, end + (lengths[index] as number))
      end += bytes.byteLength
      let done = 0
      while (done < bytes.byteLength) {
        const rest = done === 0 ? bytes : bytes.subarray(done)
        const count = await reading(address, () => file.read(rest, offset + done))
        if (count === 0) break
        done += count
      }
      read.push(done === bytes.byteLength ? bytes : bytes.subarray(0, done))
    }
    return read
  } finally {
    held.release()
  }
}
