import { createHash } from 'node:crypto'
import type { RestoredLine } from '@arawn/core/log-store'
import { type NativeHeader, nativeHeaderSchema } from './native-format.js'

// A header has three hashes and sizes, and an id of at most 64 characters.
const HEADER_BYTES = 4_096
const LF = 10

export interface NativeReader {
  readonly header: NativeHeader
  /** To be read once. Fails where the bytes are not what the header says, at the latest behind the last line. */
  readonly lines: AsyncGenerator<RestoredLine>
}

/** Reads a native export as its bytes come. @param refuse makes the error of a problem in words */
export async function readNative(
  bytes: AsyncIterable<Uint8Array>,
  refuse: (problem: string) => Error,
): Promise<NativeReader> {
  const chunks = bytes[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (!head.includes(LF) && head.byteLength < HEADER_BYTES) {
    const next = await chunks.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const end = head.subarray(0, HEADER_BYTES).indexOf(LF)
  const parsed = nativeHeaderSchema.safeParse(end < 0 ? undefined : parseJson(head.toString('utf8', 0, end)))
  if (!parsed.success) {
    await chunks.return?.()
    throw refuse('it has no header of a native export')
  }
  return { header: parsed.data, lines: linesOf(parsed.data, startingWith(head.subarray(end + 1), chunks), refuse) }
}

async function* linesOf(
  { logs }: NativeHeader,
  chunks: AsyncGenerator<Buffer>,
  refuse: (problem: string) => Error,
): AsyncGenerator<RestoredLine> {
  let rest: Buffer = Buffer.alloc(0)
  const wrongSize = () => refuse('it has not the bytes that its header says')
  for (const { log, bytes, sha256 } of logs) {
    const hash = createHash('sha256')
    // Pieces of a line that began in an earlier chunk.
    let begun: Buffer[] = []
    let left = bytes
    while (left > 0) {
      if (rest.byteLength === 0) {
        const next = await chunks.next()
        if (next.done === true) throw wrongSize()
        rest = next.value
      }
      const part = rest.subarray(0, left)
      rest = rest.subarray(part.byteLength)
      left -= part.byteLength
      hash.update(part)
      let begin = 0
      for (let end = part.indexOf(LF); end >= 0; end = part.indexOf(LF, begin)) {
        const line = part.subarray(begin, end)
        yield { log, bytes: begun.length === 0 ? line : Buffer.concat([...begun, line]) }
        begun = []
        begin = end + 1
      }
      if (begin < part.byteLength) begun.push(part.subarray(begin))
    }
    if (hash.digest('hex') !== sha256) throw refuse(`the bytes of its ${log} log were changed`)
    if (begun.length > 0) throw refuse(`its ${log} log ends in the middle of a line`)
  }
  for (;;) {
    if (rest.byteLength > 0) throw wrongSize()
    const next = await chunks.next()
    if (next.done === true) return
    rest = next.value
  }
}

async function* startingWith(first: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
  } finally {
    await chunks.return?.()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
