/**
 * Which old messages belong to a question, by its words alone. No model is asked, and of the history only some bytes a
 * message are looked at.
 */

import type { RecallCandidate, RecallShape } from '@arawn/core/recall'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import { createBest } from './recall/best.js'
import { commonAbove } from './recall/common-above.js'
import { inverseFrequency } from './recall/inverse-frequency.js'
import { lengthsOf } from './recall/lengths.js'
import { passageOf } from './recall/passage.js'
import { readQuestion } from './recall/question.js'
import { dateMatchOf } from './recall/question-dates.js'
import { rounded } from './recall/rounded.js'
import { AUTHOR_WEIGHT, type Found, scorePlaces } from './recall/score-places.js'
import { createScratch } from './recall/scratch.js'
import { sessionBorders } from './recall/session-borders.js'
import { stopTokens } from './recall/stop-words.js'

/** What is asked of an index: of one workstream, and of the messages before the question alone. */
export interface RecallIndex {
  /** Undefined when nothing can be found yet. */
  shape(): Promise<RecallShape | undefined>
  /** By token: the messages that have it, the newest first; undefined where they are more than `limit`. */
  sequencesWith(tokens: readonly string[], limit: number): Promise<readonly (Uint32Array | undefined)[]>
  /** By token: the newest messages that have it, at most `limit`, the newest first. */
  newestWith(tokens: readonly string[], limit: number): Promise<readonly Uint32Array[]>
  /** Those of these messages that are shown, ascending. */
  candidates(sequences: readonly number[]): Promise<readonly RecallCandidate[]>
}

export interface RecallQuestion {
  readonly text: string
  /** When it is asked: `yesterday` is the day before. */
  readonly nowMs: number
}

export interface Ranking {
  /** The best first, the earlier of equals first. */
  readonly messages: readonly RankedMessage[]
  /** Where a long message says what was asked for. @returns about so many characters at the most */
  passageOf(text: string, maxCharacters: number): string
}

export interface RankedMessage extends RecallCandidate {
  readonly score: number
  /** What the score is the sum of: `words`, `session`, `date`, `author`, where there is some. */
  readonly scores: Readonly<Record<string, number>>
}

export interface Recall {
  /**
   * Ranks messages for a question. The same index and question give the same answer.
   *
   * @param limit at most so many
   * @returns no messages when the question names nothing that was ever said
   */
  rank(index: RecallIndex, question: RecallQuestion, limit: number): Promise<Ranking>
}

export function createRecall(analyzer: TextAnalyzer): Recall {
  const stops = stopTokens(analyzer)
  const scratch = createScratch()

  async function rank(index: RecallIndex, { text, nowMs }: RecallQuestion, limit: number): Promise<Ranking> {
    const shape = await index.shape()
    if (shape === undefined) return NOTHING
    const question = readQuestion(text, shape.authors, { analyzer, stops })
    const borders = sessionBorders(shape)
    const lengths = lengthsOf(shape.wordCounts, borders)
    const found = await findTokens(index, question.tokens, lengths.messageCount)
    const placed = scorePlaces(shape, found, { borders, lengths, dateMatch: dateMatchOf(text, nowMs), scratch })
    if (!placed.isAnything) return NOTHING
    // Where words run out, what was said first comes next: there people say who they are and what they want.
    const best = createBest(limit)
    placed.each(best.offer)
    const places = best.take().map(({ place }) => place)
    // Another question may be asked while the index answers.
    const parts = new Map(places.sort((a, b) => a - b).map((place) => [place + 1, placed.partsAt(place)]))
    const candidates = await index.candidates([...parts.keys()])
    const messages = candidates.map((candidate): RankedMessage => {
      const { position, author } = candidate
      const { scores, score } = parts.get(position.sequence) ?? { scores: {}, score: 0 }
      const isNamed = author !== undefined && question.authors.has(author)
      if (isNamed) scores.author = AUTHOR_WEIGHT
      return { position, author, score: rounded(isNamed ? score + AUTHOR_WEIGHT : score), scores }
    })
    const weights = new Map(found.map(({ token, idf }) => [token, idf]))
    return {
      messages: messages.sort((a, b) => b.score - a.score || a.position.sequence - b.position.sequence),
      passageOf: (long, maxCharacters) => passageOf(long, weights, maxCharacters, analyzer),
    }
  }

  return { rank }
}

const NOTHING: Ranking = { messages: [], passageOf: (text) => text }

interface FoundToken extends Found {
  readonly token: string
}

/** Tokens of very many messages are left out, unless there are no others. */
async function findTokens(
  index: RecallIndex,
  tokens: readonly string[],
  messageCount: number,
): Promise<readonly FoundToken[]> {
  const limit = commonAbove(messageCount)
  const foundOf = (lists: readonly (Uint32Array | undefined)[]) =>
    tokens.flatMap((token, place): FoundToken[] => {
      const sequences = lists[place]
      if (sequences === undefined || sequences.length === 0) return []
      return [{ token, sequences, idf: inverseFrequency(sequences.length, messageCount) }]
    })
  const found = foundOf(await index.sequencesWith(tokens, limit))
  return found.length > 0 ? found : foundOf(await index.newestWith(tokens, limit))
}
