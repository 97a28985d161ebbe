import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { decodeLine, type LoggedMessage } from '@arawn/core/line'
import type { ByteRange, LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { MessagePage } from '@arawn/core/message-operations'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'

type Border = number | string | undefined

export interface PageQuery {
  readonly limit: number
  readonly after?: Border
  readonly before?: Border
  readonly around?: Border
  readonly includePromoted?: boolean | undefined
}

/** A page with the bytes of the log that it was made of. */
export interface ReadPage {
  readonly page: MessagePage
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Finds a page in the index and reads it from the log in one piece. */
export async function readMessagePage(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  query: PageQuery,
): Promise<ReadPage> {
  const { positions, ...borders } = await findPage(rows, workstreamId, query)
  const { offset, length } = rangeOf(positions)
  const bytes = length === 0 ? noBytes : await log.readRange(workstreamId, 'messages', offset, length)
  const items = messagesIn(bytes, workstreamId, positions)
  return { page: { items, ...borders }, offset, bytes }
}

const noBytes = new Uint8Array(0)

async function findPage(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  { limit, after, before, around, includePromoted }: PageQuery,
): Promise<Pick<MessagePage, 'hasOlder' | 'hasNewer'> & { positions: readonly MessagePosition[] }> {
  const take = (part: { limit: number; after?: number | undefined; before?: number | undefined }) =>
    rows.messages({ workstreamId, includePromoted, ...part })
  if (around !== undefined) {
    const middle = await sequenceOf(rows, workstreamId, around)
    const newer = await take({ after: middle, limit })
    // Half a page of older ones with the message itself; what one side has not, the other may fill.
    const half = Math.ceil((limit + 1) / 2)
    const older = await take({
      before: middle + 1,
      limit: Math.max(half, limit - newer.items.length),
    })
    const room = limit - older.items.length
    return {
      positions: [...older.items, ...newer.items.slice(0, room)],
      hasOlder: older.hasMore,
      hasNewer: newer.hasMore || newer.items.length > room,
    }
  }
  if (after !== undefined) {
    const border = await sequenceOf(rows, workstreamId, after)
    const page = await take({ after: border, limit })
    const first = page.items[0]?.sequence ?? border + 1
    const older = await take({ before: first, limit: 1 })
    return { positions: page.items, hasOlder: older.items.length > 0, hasNewer: page.hasMore }
  }
  const border = before === undefined ? undefined : await sequenceOf(rows, workstreamId, before)
  const page = await take({ before: border, limit })
  const last = page.items.at(-1)?.sequence
  const newer = border === undefined ? undefined : await take({ after: last ?? border - 1, limit: 1 })
  return {
    positions: page.items,
    hasOlder: page.hasMore,
    hasNewer: newer !== undefined && newer.items.length > 0,
  }
}

/** @throws MESSAGE_NOT_FOUND */
export async function sequenceOf(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  message: number | string,
): Promise<number> {
  if (typeof message === 'number') return message
  const found = await rows.message(workstreamId, message)
  if (found !== undefined) return found.sequence
  throw new WorkstreamError('MESSAGE_NOT_FOUND', `workstream ${workstreamId} has no message ${message}`, {
    workstreamId,
    messageId: message,
  })
}

/** Thrown when the log does not hold what the index says: somebody edited it in place. */
export class StalePositions extends Error {
  constructor(
    readonly workstreamId: WorkstreamId,
    offset: number,
  ) {
    super(`no message at byte ${offset} of ${workstreamId}`)
  }
}

export function isStale(error: unknown): boolean {
  return error instanceof StalePositions || hasCode(error, 'LOG_READ_FAILED')
}

/** Messages that stand next to each other, or nearly so, in one read. @throws what `isStale` knows */
export async function readMessages(
  log: LogStore,
  workstreamId: WorkstreamId,
  positions: readonly MessagePosition[],
): Promise<Message[]> {
  if (positions.length === 0) return []
  const { offset, length } = rangeOf(positions)
  return messagesIn(await log.readRange(workstreamId, 'messages', offset, length), workstreamId, positions)
}

/** @param bytes those of `rangeOf`; fewer when the log ends before @throws StalePositions */
export function messagesIn(
  bytes: Uint8Array,
  workstreamId: WorkstreamId,
  positions: readonly MessagePosition[],
): Message[] {
  const lines = linesOf(bytes, positions)
  return positions.map((position, index) => messageAt(workstreamId, position, lines[index] ?? ''))
}

/** What the log says at these positions: undefined where it has no message. @throws LOG_READ_FAILED */
export async function readLogged(
  log: LogStore,
  workstreamId: WorkstreamId,
  positions: readonly MessagePosition[],
): Promise<(LoggedMessage | undefined)[]> {
  if (positions.length === 0) return []
  const { offset, length } = rangeOf(positions)
  return linesOf(await log.readRange(workstreamId, 'messages', offset, length), positions).map((text) => {
    const line = decodeLine('messages', text)
    return line.kind === 'message' ? line.message : undefined
  })
}

/** From the first to the last, with whatever stands between them. */
export function rangeOf(positions: readonly MessagePosition[]): ByteRange {
  const [first, last] = [positions[0], positions.at(-1)]
  if (first === undefined || last === undefined) return { offset: 0, length: 0 }
  return { offset: first.offset, length: last.offset + last.length - first.offset }
}

/** @param bytes those of `rangeOf`; fewer when the log ends before */
function linesOf(bytes: Uint8Array, positions: readonly MessagePosition[]): string[] {
  const start = positions[0]?.offset ?? 0
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return positions.map(({ offset, length }) => text.toString('utf8', offset - start, offset - start + length))
}

/** The message that a line is, with what only the rows know of it. @throws StalePositions */
export function messageAt(
  workstreamId: WorkstreamId,
  { id, session_id, stamp, sequence, offset }: MessagePosition,
  text: string,
): Message {
  const line = decodeLine('messages', text)
  if (line.kind !== 'message') throw new StalePositions(workstreamId, offset)
  // Nobody else has the object that was just read.
  return Object.assign(line.message, { v: 1, stamp, id, session_id, sequence })
}
