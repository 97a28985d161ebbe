import { WorkstreamError } from '@arawn/core/error'
import type { MessageId, SessionId, WorkstreamId } from '@arawn/core/id'
import { encodeLine } from '@arawn/core/line'
import type { LogStore, RestoredLine } from '@arawn/core/log-store'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { DecidedRecord, DecisionContext } from '@arawn/engine/decision'
import { createForkCopy } from '@arawn/engine/fork-decisions'
import { messageAt, StalePositions } from './read-messages.js'

/** The last message that a fork has, where it stands in the original. */
export type ForkCut = Pick<MessagePosition, 'id' | 'sequence' | 'offset' | 'length'>

/**
 * @param message id or sequence; by default the last one
 * @returns undefined when there is no message at all
 * @throws MESSAGE_NOT_FOUND also for one that was moved elsewhere
 */
export async function findCut(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  message: number | MessageId | undefined,
): Promise<ForkCut | undefined> {
  if (message === undefined) return (await rows.messages({ workstreamId, limit: 1 })).items[0]
  const found =
    typeof message === 'string'
      ? await rows.message(workstreamId, message)
      : (await rows.messages({ workstreamId, after: message - 1, limit: 1 })).items[0]
  const isMeant = found !== undefined && (typeof message === 'string' || found.sequence === message)
  if (isMeant && found.promotion_id === null) return found
  const messageId = String(message)
  throw new WorkstreamError('MESSAGE_NOT_FOUND', `workstream ${workstreamId} has no message ${messageId}`, {
    workstreamId,
    messageId,
  })
}

/**
 * All lines of a fork. The log of the original is read from its beginning and held against its rows, a piece of each at a
 * time: the rows say which lines are messages that still show, and what ids they have.
 */
export async function* forkLines(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  { created, cut, context }: { created: readonly DecidedRecord[]; cut: ForkCut | undefined; context: DecisionContext },
): AsyncGenerator<RestoredLine> {
  for (const record of created) yield lineOf(record)
  if (cut === undefined) return
  const copy = createForkCopy(context)
  const sessionStart = rememberStarts(rows, workstreamId)
  const positions = positionsUpTo(rows, workstreamId, cut.sequence)
  let next = await positions.next()
  for await (const lines of log.read(workstreamId, 'messages', 0, cut.offset + cut.length + 1))
    for (const { offset, bytes } of lines) {
      if (next.done === true || next.value.offset !== offset) continue
      const message = messageAt(workstreamId, next.value, new TextDecoder().decode(bytes))
      const startedAt = (await sessionStart(message.session_id)) ?? message.timestamp
      for (const record of copy.recordsOf(message, startedAt)) yield lineOf(record)
      next = await positions.next()
    }
  if (next.done !== true) throw new StalePositions(workstreamId, next.value.offset)
}

const PAGE_ROWS = 1_000

async function* positionsUpTo(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  lastSequence: number,
): AsyncGenerator<MessagePosition, undefined> {
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await rows.messages({ workstreamId, after, limit: PAGE_ROWS })
    for (const position of page.items) {
      if (position.sequence > lastSequence) return
      yield position
      after = position.sequence
    }
    hasMore = page.hasMore
  }
}

/** Messages of one session most often follow each other. */
function rememberStarts(rows: IndexReader, workstreamId: WorkstreamId) {
  let last: { id: SessionId; startedAt: string | undefined } | undefined
  return async (id: SessionId): Promise<string | undefined> => {
    if (last?.id !== id) last = { id, startedAt: (await rows.session(workstreamId, id))?.started_at }
    return last.startedAt
  }
}

function lineOf({ log, record }: DecidedRecord): RestoredLine {
  return { log, bytes: Buffer.from(encodeLine(record)) }
}
