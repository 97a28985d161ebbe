import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Echo } from '@arawn/engine/context'
import { largestEcho } from '@arawn/engine/context-policy'
import { embeddedText } from '@arawn/engine/embedded-text'
import type { Recall, RecallIndex } from '@arawn/engine/recall'
import { type QuestionHints, rankWithHints, type VectorIndex } from '@arawn/engine/recall-with-hints'
import { searchableText } from '@arawn/engine/searchable-text'
import { readScattered } from '../reading/read-scattered.js'

export interface EchoRequest {
  readonly workstreamId: WorkstreamId
  /** What somebody says, and when. */
  readonly question: { readonly text: string; readonly nowMs: number }
  readonly hints: QuestionHints
  /** Only messages with a smaller sequence. */
  readonly before: number
  /** Those that are in the context as they are. */
  readonly raw: ReadonlySet<number>
  /** Tokens for all echoes, and of these for the newest messages. */
  readonly room: number
  readonly newestRoom: number
}

export interface FoundEchoes {
  /** Best first. */
  readonly echoes: readonly Echo[]
  /** Newest first. */
  readonly newest: readonly Message[]
}

export const NO_ECHOES: FoundEchoes = { echoes: [], newest: [] }

export interface EchoPorts {
  readonly rows: IndexReader
  readonly log: LogStore
  readonly recall: Recall
  readonly analyzerVersion: number
}

// Tokens of a short message with its name.
const SHORT_TOKENS = 8
// Of what is ranked, so many tokens a message: most are longer.
const RANKED_TOKENS = 22
// Of a line of JSON, what is not said, and how many of its bytes make a token: guesses on the low side of tokens.
const FRAME_BYTES = 200
const BYTES_PER_TOKEN = 5
// More than will be shown: some are too large for what is left of the room, some are raw.
const SPARE = 1.35
const CHARACTERS_PER_TOKEN = 3

/** What may be echoed for a message: more than there is room for, so that the assembly can choose. */
export async function findEchoes(ports: EchoPorts, request: EchoRequest): Promise<FoundEchoes> {
  const { log } = ports
  const { workstreamId, room } = request
  if (room <= 0) return NO_ECHOES
  const ranking = await rankWithHints(
    {
      recall: ports.recall,
      index: recallIndex(ports, request),
      vectorsOf: (model) => vectorIndex(ports, request, model),
    },
    { ...request.question, hints: request.hints },
    Math.ceil(room / RANKED_TOKENS),
  )
  const ranked = takeRoom(
    ranking.messages.filter(({ position }) => !request.raw.has(position.sequence)),
    ({ position }) => position,
    room,
  )
  const newest = await newestPositions(ports.rows, request)
  const wanted = new Map([...ranked.map(({ position }) => position), ...newest].map((one) => [one.sequence, one]))
  const positions = [...wanted.values()].sort((a, b) => a.sequence - b.sequence)
  const messages = await readScattered(log, workstreamId, positions)
  const bySequence = new Map(messages.map((message) => [message.sequence, message]))
  const longest = largestEcho(room) * CHARACTERS_PER_TOKEN
  return {
    echoes: ranked.flatMap(({ position, score, scores }) => {
      const message = bySequence.get(position.sequence)
      if (message === undefined || !ranking.isStill(position.sequence, embeddedText(message))) return []
      const text = searchableText(message)
      const passage = text.length > longest ? ranking.passageOf(text, longest) : undefined
      return [{ message, passage, score, scores }]
    }),
    newest: newest.flatMap(({ sequence }) => bySequence.get(sequence) ?? []),
  }
}

function recallIndex({ rows, analyzerVersion }: EchoPorts, { workstreamId, before }: EchoRequest): RecallIndex {
  return {
    shape: async () => (await rows.recallShapes([workstreamId], analyzerVersion, before)).get(workstreamId),
    sequencesWith: (tokens, limit) => rows.sequencesWith({ workstreamId, analyzerVersion, tokens, before, limit }),
    newestWith: (tokens, limit) => rows.newestWith({ workstreamId, analyzerVersion, tokens, before, limit }),
    candidates: (sequences) => rows.recallCandidates(workstreamId, sequences),
  }
}

function vectorIndex({ rows }: EchoPorts, { workstreamId, before }: EchoRequest, model: string): VectorIndex {
  return {
    count: (limit) => rows.vectorCount({ workstreamId, model, before, limit }),
    page: async (after, limit) => {
      // Others get their turn between two pages.
      await new Promise((resolve) => setImmediate(resolve))
      return rows.vectors({ workstreamId, model, after, before, limit })
    },
    of: (sequences) => rows.vectorsOf(workstreamId, model, sequences),
    hashes: (sequences) => rows.vectorHashes(workstreamId, model, sequences),
  }
}

async function newestPositions(
  rows: IndexReader,
  { workstreamId, before, raw, newestRoom }: EchoRequest,
): Promise<MessagePosition[]> {
  if (newestRoom <= 0) return []
  const page = await rows.messages({ workstreamId, before, limit: Math.ceil(newestRoom / SHORT_TOKENS) + raw.size })
  const covered = page.items.filter(({ sequence }) => !raw.has(sequence)).reverse()
  return takeRoom(covered, (position) => position, newestRoom)
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
