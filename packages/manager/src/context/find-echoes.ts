import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Echo, SizedMessage } from '@arawn/engine/context'
import { largestEcho } from '@arawn/engine/context-policy'
import type { Recall, RecallIndex } from '@arawn/engine/recall'
import { searchableText } from '@arawn/engine/searchable-text'
import { readScattered } from '../reading/read-scattered.js'
import type { MessageSizes } from './message-sizes.js'

export interface EchoRequest {
  readonly workstreamId: WorkstreamId
  /** What somebody says, and when. */
  readonly question: { readonly text: string; readonly nowMs: number }
  /** Only messages with a smaller sequence. */
  readonly before: number
  /** Those that are in the context as they are. */
  readonly raw: ReadonlySet<number>
  /** Tokens for all echoes, and of these for the newest messages. */
  readonly room: number
  readonly newestRoom: number
  readonly counter: TokenCounter
}

export interface FoundEchoes {
  /** Best first. */
  readonly echoes: readonly Echo[]
  /** Newest first. */
  readonly newest: readonly SizedMessage[]
}

export interface EchoPorts {
  readonly rows: IndexReader
  readonly log: LogStore
  readonly sizes: MessageSizes
  readonly recall: Recall
  readonly analyzerVersion: number
}

// Tokens of a short message with its name; more than this many of them are never shown.
const SHORT_TOKENS = 8
// Of a line of JSON, what is not said, and how many of its bytes make a token: guesses on the low side of tokens.
const FRAME_BYTES = 200
const BYTES_PER_TOKEN = 5
// More than will be shown: some are too large for what is left of the room, some are raw.
const SPARE = 1.5
const CHARACTERS_PER_TOKEN = 3

/** What may be echoed for a message: more than there is room for, so that the assembly can choose. */
export async function findEchoes(ports: EchoPorts, request: EchoRequest): Promise<FoundEchoes> {
  const { log, sizes } = ports
  const { workstreamId, counter, room } = request
  const ranking = await ports.recall.rank(recallIndex(ports, request), request.question, mostMessages(room))
  const ranked = takeRoom(
    ranking.messages.filter(({ position }) => !request.raw.has(position.sequence)),
    ({ position }) => position,
    room,
  )
  const newest = await newestPositions(ports.rows, request)
  const wanted = new Map([...ranked.map(({ position }) => position), ...newest].map((one) => [one.sequence, one]))
  const positions = [...wanted.values()].sort((a, b) => a.sequence - b.sequence)
  const messages = await readScattered(log, workstreamId, positions)
  const sized = await sizes.sizesOf(workstreamId, counter, messages)
  const bySequence = new Map(sized.map((message) => [message.sequence, message]))

  const largest = largestEcho(room)
  const long = ranked
    .map(({ position }) => bySequence.get(position.sequence))
    .filter((message) => message !== undefined && message.tokens > largest) as SizedMessage[]
  const texts = long.map((message) => ranking.passageOf(searchableText(message), largest * CHARACTERS_PER_TOKEN))
  const counts = await counter.count(texts)
  const passages = new Map(
    long.map(({ sequence }, at) => [sequence, { text: texts[at] ?? '', tokens: counts[at] ?? 0 }]),
  )
  return {
    echoes: ranked.flatMap(({ position: { sequence }, score, scores }) => {
      const message = bySequence.get(sequence)
      return message === undefined ? [] : [{ message, passage: passages.get(sequence), score, scores }]
    }),
    newest: newest.flatMap(({ sequence }) => bySequence.get(sequence) ?? []),
  }
}

function recallIndex({ rows, analyzerVersion }: EchoPorts, { workstreamId, before }: EchoRequest): RecallIndex {
  return {
    shape: () => rows.recallShape(workstreamId, analyzerVersion, before),
    sequencesWith: (token, limit) => rows.sequencesWith({ workstreamId, analyzerVersion, token, before, limit }),
    candidates: (sequences) => rows.recallCandidates(workstreamId, sequences),
  }
}

async function newestPositions(
  rows: IndexReader,
  { workstreamId, before, raw, newestRoom }: EchoRequest,
): Promise<MessagePosition[]> {
  if (newestRoom <= 0) return []
  const page = await rows.messages({ workstreamId, before, limit: mostMessages(newestRoom) + raw.size })
  const covered = page.items.filter(({ sequence }) => !raw.has(sequence)).reverse()
  return takeRoom(covered, (position) => position, newestRoom)
}

function mostMessages(room: number): number {
  return Math.ceil(room / SHORT_TOKENS)
}

/** From the front, so many as surely fill the room. */
function takeRoom<Item>(items: readonly Item[], positionOf: (item: Item) => MessagePosition, room: number): Item[] {
  let left = room * SPARE
  let count = 0
  for (; count < items.length && left > 0; count++) {
    const bytes = positionOf(items[count] as Item).length - FRAME_BYTES
    left -= Math.max(SHORT_TOKENS, Math.min(bytes / BYTES_PER_TOKEN, largestEcho(room)))
  }
  return items.slice(0, count)
}

/** What somebody says in it. */
export function questionOf(message: Message): EchoRequest['question'] {
  return { text: message.content, nowMs: Date.parse(message.timestamp) }
}
