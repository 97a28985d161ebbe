import type { OpenFile } from '@arawn/core/file-system'

/** Writes all bytes: the system may take fewer than given at a time. Nearly always one call. */
export function writeFully(file: OpenFile, bytes: Uint8Array): void {
  let done = file.write(bytes)
  while (done < bytes.byteLength) {
    const count = file.write(bytes.subarray(done))
    if (count === 0) throw Object.assign(new Error('the system takes no more bytes'), { code: 'EIO' })
    done += count
  }
}
