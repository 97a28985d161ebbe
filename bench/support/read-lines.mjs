// Reads a log as plainly as can be: the machine's limit for whoever has to look at every line.
import { closeSync, openSync, readSync } from 'node:fs'

const LF = 10
const CHUNK_BYTES = 1 << 20

/**
 * Parses every line of a file that is read in chunks of 1 MiB.
 *
 * @param visit gets the parsed line, its byte offset and its length without LF
 */
export function readLines(file, visit) {
  let buffer = Buffer.alloc(2 * CHUNK_BYTES)
  const fd = openSync(file, 'r')
  let offset = 0
  let kept = 0
  for (;;) {
    if (buffer.length - kept < CHUNK_BYTES) buffer = Buffer.concat([buffer], 2 * buffer.length)
    const got = readSync(fd, buffer, kept, CHUNK_BYTES, null)
    if (got === 0) break
    const end = kept + got
    const chunk = buffer.subarray(0, end)
    let from = 0
    for (let to = chunk.indexOf(LF, kept); to >= 0; to = chunk.indexOf(LF, from)) {
      visit(JSON.parse(chunk.toString('utf8', from, to)), offset + from, to - from)
      from = to + 1
    }
    buffer.copyWithin(0, from, end)
    offset += from
    kept = end - from
  }
  closeSync(fd)
}
