import type { OpenFile } from '@arawn/core/file-system'

export interface LineCount {
  readonly bytes: number
  readonly lines: number
  /** Bytes after the last LF. */
  readonly tornBytes: number
}

/** Looks at every byte up to `sizeBytes`, or to the end when it comes before. */
export async function countLines(file: OpenFile, sizeBytes: number): Promise<LineCount> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes))
  let bytes = 0
  let lines = 0
  let wholeBytes = 0
  while (bytes < sizeBytes) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.byteLength, sizeBytes - bytes)), bytes)
    if (count === 0) break
    const part = chunk.subarray(0, count)
    for (let at = part.indexOf(LF); at >= 0; at = part.indexOf(LF, at + 1)) {
      lines += 1
      wholeBytes = bytes + at + 1
    }
    bytes += count
  }
  return { bytes, lines, tornBytes: bytes - wholeBytes }
}

const CHUNK_BYTES = 1024 * 1024
const LF = 0x0a
