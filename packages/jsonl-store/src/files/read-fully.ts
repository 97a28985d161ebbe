import type { OpenFile } from '@arawn/core/file-system'

/** Fewer bytes than asked for when the file ends before. */
export function readFully(file: OpenFile, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const count = file.readSync(bytes.subarray(done), position + done)
    if (count === 0) break
    done += count
  }
  return bytes.subarray(0, done)
}
