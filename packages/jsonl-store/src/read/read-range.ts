import type { LogAddress } from '../paths/workstream-path.js'
import { holdLog, type ReadParts, reading } from './hold-log.js'

/** @returns the bytes that are there, possibly none */
export async function readRange(
  parts: ReadParts,
  address: LogAddress,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const held = holdLog(parts, address)
  if (held === undefined) return new Uint8Array(0)
  try {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, held.sizeBytes - offset)))
    let done = 0
    while (done < bytes.byteLength) {
      const count = await reading(address, () => held.log.file.read(bytes.subarray(done), offset + done))
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  } finally {
    held.release()
  }
}
