import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import type { RestoredLine } from '@arawn/core/log-store'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { unreadable } from '../actions/unreadable.js'
import { type NativeHeader, nativeHeaderSchema } from './native-format.js'

// A header has three hashes and sizes, and an id of at most 64 characters.
const HEADER_BYTES = 4_096
const LF = 10

export function isNativeExport(file: string): boolean {
  return /^\{"format":"arawn-native"/.test(firstLine(file) ?? '')
}

/** Checks the whole file before anything is written, then puts the logs back byte for byte. */
export async function restoreNative(manager: WorkstreamManager, file: string): Promise<Workstream> {
  const line = firstLine(file)
  const parsed = nativeHeaderSchema.safeParse(parseJson(line ?? ''))
  if (line === undefined || !parsed.success) throw unreadable(file, 'it has no header of a native export')
  const header = parsed.data
  const start = Buffer.byteLength(line) + 1
  await check(file, header, start)
  return manager.restoreLogs(header.workstream_id, linesOf(file, header, start))
}

async function check(file: string, header: NativeHeader, start: number): Promise<void> {
  const bytes = header.logs.reduce((sum, part) => sum + part.bytes, start)
  if (statSync(file).size !== bytes) throw unreadable(file, `it has not the ${bytes} bytes that its header says`)
  let from = start
  for (const part of header.logs) {
    const hash = createHash('sha256')
    let last: number | undefined = LF
    for await (const chunk of bytesOf(file, from, part.bytes)) {
      hash.update(chunk)
      last = chunk.at(-1)
    }
    if (hash.digest('hex') !== part.sha256) throw unreadable(file, `the bytes of its ${part.log} log were changed`)
    if (last !== LF) throw unreadable(file, `its ${part.log} log ends in the middle of a line`)
    from += part.bytes
  }
}

async function* linesOf(file: string, header: NativeHeader, start: number): AsyncGenerator<RestoredLine> {
  let from = start
  for (const { log, bytes } of header.logs) {
    // Pieces of a line that began in an earlier chunk.
    let begun: Buffer[] = []
    for await (const chunk of bytesOf(file, from, bytes)) {
      let begin = 0
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, begin)) {
        const rest = chunk.subarray(begin, end)
        yield { log, bytes: begun.length === 0 ? rest : Buffer.concat([...begun, rest]) }
        begun = []
        begin = end + 1
      }
      if (begin < chunk.byteLength) begun.push(chunk.subarray(begin))
    }
    from += bytes
  }
}

function bytesOf(file: string, from: number, bytes: number): AsyncIterable<Buffer> {
  return bytes === 0
    ? nothing()
    : createReadStream(file, { start: from, end: from + bytes - 1, highWaterMark: 1 << 20 })
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Its bytes may be no text at all: then no header is found in them. */
function firstLine(file: string): string | undefined {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const head = Buffer.alloc(HEADER_BYTES)
      const end = head.subarray(0, readSync(descriptor, head)).indexOf(LF)
      return end < 0 ? undefined : head.toString('utf8', 0, end)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
