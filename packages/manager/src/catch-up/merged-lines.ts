import type { WorkstreamId } from '@arawn/core/id'
import { decodeLine } from '@arawn/core/line'
import type { LogHeads, LogStore, RawLine } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'
import type { IndexedLine, IndexHeads } from '@arawn/core/workstream-index'
import type { Adoptions } from './adoptions.js'
import { lineHash } from './line-hash.js'

// One batch is one call of the projection: large enough to make its fixed cost small, small enough to hold.
const BATCH_LINES = 1_000

/**
 * The lines of a workstream's three logs that lie between two sets of heads, in stamp order.
 *
 * Within one log the order of its lines always holds, so a line counts as no earlier than those before it. A message
 * that was written by hand has the place of its adoption. Ties go to the order of `logNames`.
 */
export async function* mergedLines(
  log: LogStore,
  workstreamId: WorkstreamId,
  { from, to, adoptions }: { from: IndexHeads; to: LogHeads; adoptions: Adoptions },
): AsyncGenerator<IndexedLine[], IndexHeads> {
  const cursors: Cursor[] = []
  for (const name of logNames) {
    const cursor = createCursor(log, workstreamId, name, { from, to, adoptions })
    await cursor.advance()
    cursors.push(cursor)
  }
  let batch: IndexedLine[] = []
  for (;;) {
    let next: Cursor | undefined
    for (const cursor of cursors)
      if (cursor.current !== undefined && (next?.current === undefined || cursor.current.stamp < next.current.stamp))
        next = cursor
    if (next?.current === undefined) break
    batch.push(next.current)
    if (batch.length === BATCH_LINES) {
      yield batch
      batch = []
    }
    const more = next.advance()
    if (more !== undefined) await more
  }
  if (batch.length > 0) yield batch
  const [workstream, sessions, messages] = cursors.map((cursor) => cursor.head())
  if (workstream === undefined || sessions === undefined || messages === undefined) return from
  return { workstream, sessions, messages }
}

interface Cursor {
  current: IndexedLine | undefined
  /** Moves on; waits only when the next lines have to be read. */
  advance(): Promise<void> | undefined
  head(): IndexHeads[LogName]
}

function createCursor(
  log: LogStore,
  workstreamId: WorkstreamId,
  name: LogName,
  { from, to, adoptions }: { from: IndexHeads; to: LogHeads; adoptions: Adoptions },
): Cursor {
  const start = from[name]
  const end = to[name]
  const batches = log.read(workstreamId, name, start.bytes, end.bytes)[Symbol.asyncIterator]()
  let lines: readonly RawLine[] = []
  let position = 0
  let sequence = start.lines
  let bytes = start.bytes
  let stamp: Stamp = start.lastStamp
  let lastLineOffset = start.lastLineOffset
  let lastLine: Uint8Array | undefined

  function take(raw: RawLine): void {
    sequence++
    bytes = raw.offset + raw.bytes.byteLength + 1
    lastLineOffset = raw.offset
    lastLine = raw.bytes
    const text = Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength).toString('utf8')
    const line = decodeLine(name, text)
    const own =
      line.kind === 'record'
        ? line.record.stamp
        : line.kind === 'message'
          ? (line.message.stamp ?? adoptions.stampOf(sequence))
          : 0
    stamp = Math.max(stamp, own)
    cursor.current = { log: name, sequence, offset: raw.offset, length: raw.bytes.byteLength, stamp, line }
  }

  async function readOn(): Promise<void> {
    // The bytes of a batch are valid only until the next one. `slice` of a Buffer would not copy them.
    if (lastLine !== undefined) lastLine = Uint8Array.from(lastLine)
    const next = await batches.next()
    if (next.done === true) {
      cursor.current = undefined
      return
    }
    lines = next.value
    position = 0
    const advanced = cursor.advance()
    if (advanced !== undefined) await advanced
  }

  const cursor: Cursor = {
    current: undefined,
    advance() {
      const raw = lines[position]
      if (raw === undefined) return readOn()
      position++
      take(raw)
      return undefined
    },
    head: () => ({
      bytes,
      lines: sequence,
      lastLineOffset,
      lastLineHash: lastLine === undefined ? start.lastLineHash : lineHash(lastLine),
      lastStamp: stamp,
      generation: end.generation,
    }),
  }
  return cursor
}
