/**
 * Finds where the whole lines of a log end.
 *
 * A crash can leave part of a line after the last LF. That part was never acknowledged: an append resolves only once
 * its LF is on disk. It is torn even when it happens to be valid JSON.
 */

import type { OpenFile } from '@arawn/core/file-system'
import { readFully } from '../files/read-fully.js'

/** @returns bytes up to and including the last LF; 0 when no line was ever completed */
export function wholeLineBytes(file: OpenFile, sizeBytes: number): number {
  let end = sizeBytes
  // Nearly always the last byte says it all.
  let step = 1
  while (end > 0) {
    const start = Math.max(0, end - step)
    const chunk = readFully(file, start, end - start)
    const newline = chunk.lastIndexOf(LF)
    if (newline >= 0) return start + newline + 1
    end = start
    step = Math.min(step * 64, MAX_STEP_BYTES)
  }
  return 0
}

/** An empty log ends whole too. */
export function endsWithNewline(file: OpenFile, sizeBytes: number): boolean {
  return sizeBytes === 0 || (file.readSync(lastByte, sizeBytes - 1) === 1 && lastByte[0] === LF)
}

const lastByte = Buffer.alloc(1)
const LF = 0x0a
const MAX_STEP_BYTES = 1024 * 1024
