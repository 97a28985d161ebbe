import { embeddedHash } from './embedded-text.js'
import { fuse } from './recall/fuse.js'
import type { VectorIndex } from './recall/nearest.js'
import { NOTHING_NEAR, rankByVector } from './recall/rank-by-vector.js'
import type { RankedMessage, Ranking, Recall, RecallIndex, RecallQuestion } from './recall.js'

export type { VectorIndex }

/** What models make of a question, so that more is found than its own words find. */
export interface QuestionHints {
  /** Words that old messages may have and the question has not. */
  readonly terms?: readonly string[] | undefined
  /** What an embedder makes of it, as `vectorBytes`, and which embedder, as `profile/model`. */
  readonly vector?: { readonly model: string; readonly bytes: Uint8Array } | undefined
}

export interface HintedQuestion extends RecallQuestion {
  readonly hints: QuestionHints
}

export interface HintedRanking extends Ranking {
  /** Whether a message still says what it was found by. @param text of it, as `embeddedText` */
  isStill(sequence: number, text: string | undefined): boolean
}

export interface HintedRecallParts {
  readonly recall: Recall
  readonly index: RecallIndex
  /** Of one embedder. */
  readonly vectorsOf: (model: string) => VectorIndex
}

// Of so many vectors that not all can be looked at, those of messages that words rank so high.
const FOUND_BY_WORDS = 2_000

/**
 * Ranks messages by the question's words, and by what hints there are; the lists are joined by reciprocal rank. Without
 * hints it is the ranking of `recall` as it is.
 *
 * With hints, a score is the sum of `words`, `expansion` and `vector`: what each list gives for a message's place in it.
 */
export async function rankWithHints(
  { recall, index, vectorsOf }: HintedRecallParts,
  { text, nowMs, hints }: HintedQuestion,
  limit: number,
): Promise<HintedRanking> {
  const { terms = [], vector } = hints
  const byWords = await recall.rank(index, { text, nowMs }, limit)
  // Of a long question only so many tokens are looked at, the first ones.
  const expanded = { text: terms.length === 0 ? text : `${terms.join(' ')}\n${text}`, nowMs }
  const byTerms = terms.length === 0 ? undefined : await recall.rank(index, expanded, limit)
  const byVector =
    vector === undefined
      ? NOTHING_NEAR
      : await rankByVector(vectorsOf(vector.model), vector.bytes, {
          index,
          found: async () => sequencesOf(await recall.rank(index, expanded, FOUND_BY_WORDS)),
          limit,
        })
  if (byTerms === undefined && byVector.messages.length === 0) return { ...byWords, isStill: () => true }

  const fused = fuse(
    [
      { name: 'words', messages: spokenFor(byWords) },
      { name: 'expansion', messages: byTerms === undefined ? [] : spokenFor(byTerms) },
      { name: 'vector', messages: byVector.messages },
    ],
    limit,
  )
  const byOthers = new Set(fused.filter(({ scores }) => 'words' in scores || 'expansion' in scores).map(sequenceOf))
  const isFused = new Set(fused.map(sequenceOf))
  const { messages, passageOf } = byTerms ?? byWords
  const rest = messages.filter((message) => message.score === 0 && !isFused.has(sequenceOf(message)))
  return {
    messages: [...fused, ...rest].slice(0, limit),
    // The passage of a long message may have been found by a word that only the expansion has.
    passageOf,
    isStill: (sequence, said) => {
      const hash = byOthers.has(sequence) ? undefined : byVector.hashes.get(sequence)
      return hash === undefined || (said !== undefined && hash === embeddedHash(said))
    },
  }
}

/** What nothing speaks for fills up a ranking by words. It must not stand against what another list has found. */
function spokenFor({ messages }: Ranking): Ranking['messages'] {
  return messages.filter(({ score }) => score > 0)
}

function sequencesOf({ messages }: Ranking): number[] {
  return messages.map(sequenceOf)
}

function sequenceOf({ position }: RankedMessage): number {
  return position.sequence
}
