/**
 * Which old messages belong to a question, by its words alone. No model is asked, and of the history only some bytes a
 * message are looked at.
 */

import type { RecallCandidate, RecallShape } from '@arawn/core/recall'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import { bestPlaces } from './recall/best-places.js'
import { inverseFrequency } from './recall/inverse-frequency.js'
import { passageOf } from './recall/passage.js'
import { readQuestion } from './recall/question.js'
import { dateMatchOf } from './recall/question-dates.js'
import { type FoundToken, scorePlaces } from './recall/score-places.js'
import { stopTokens } from './recall/stop-words.js'

/** What is asked of an index: of one workstream, and of the messages before the question alone. */
export interface RecallIndex {
  /** Undefined when nothing can be found yet. */
  shape(): Promise<RecallShape | undefined>
  /** Messages that have a token, the newest first. */
  sequencesWith(token: string, limit: number): Promise<readonly number[]>
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

const AUTHOR_WEIGHT = 0.25

// A token of more messages than this share tells nothing; and to look at more than so many takes too long.
const COMMON_SHARE = 0.2
const FEWEST_COMMON = 50
const MOST_SEQUENCES = 50_000

export function createRecall(analyzer: TextAnalyzer): Recall {
  const stops = stopTokens(analyzer)

  async function rank(index: RecallIndex, { text, nowMs }: RecallQuestion, limit: number): Promise<Ranking> {
    const shape = await index.shape()
    if (shape === undefined) return NOTHING
    const question = readQuestion(text, shape.authors, { analyzer, stops })
    const messageCount = shape.wordCounts.reduce((sum, words) => sum + (words > 0 ? 1 : 0), 0)
    const found = await findTokens(index, question.tokens, messageCount)
    const placed = scorePlaces(shape, found, { messageCount, dateMatch: dateMatchOf(text, nowMs) })
    if (!placed.isAnything) return NOTHING
    // Where words run out, what was said first comes next: there people say who they are and what they want.
    const best = bestPlaces(placed.scores, limit).sort((a, b) => a - b)
    const candidates = await index.candidates(best.map((place) => place + 1))
    const messages = candidates.map((candidate): RankedMessage => {
      const author = question.authors.has(candidate.author ?? '') ? AUTHOR_WEIGHT : 0
      const parts = Object.entries({ ...placed.partsAt(candidate.position.sequence - 1), author })
      const scores = parts.map(([name, score]) => [name, rounded(score)] as const).filter(([, score]) => score > 0)
      const score = rounded(scores.reduce((sum, [, part]) => sum + part, 0))
      return { ...candidate, score, scores: Object.fromEntries(scores) }
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

/** Tokens of very many messages are left out, unless there are no others. */
async function findTokens(
  index: RecallIndex,
  tokens: readonly string[],
  messageCount: number,
): Promise<readonly FoundToken[]> {
  const limit = Math.min(MOST_SEQUENCES, Math.max(FEWEST_COMMON, Math.floor(messageCount * COMMON_SHARE)))
  const found: FoundToken[] = []
  for (const token of tokens) {
    const sequences = await index.sequencesWith(token, limit + 1)
    const idf = inverseFrequency(sequences.length, messageCount)
    if (sequences.length > 0) found.push({ token, sequences, idf })
  }
  const telling = found.filter(({ sequences }) => sequences.length <= limit)
  return telling.length > 0 ? telling : found
}

// So that the last bits of a machine's logarithm decide nothing.
function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000
}
