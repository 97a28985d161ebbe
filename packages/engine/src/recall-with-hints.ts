import type { RecallCandidate } from '@arawn/core/recall'
import { embeddedHash } from './embedded-text.js'
import { fuse, type RankedList } from './recall/fuse.js'
import { nearest, type VectorIndex } from './recall/nearest.js'
import type { Ranking, Recall, RecallIndex, RecallQuestion } from './recall.js'

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
  const near =
    vector === undefined
      ? []
      : await nearest(
          vectorsOf(vector.model),
          vector.bytes,
          async () => sequencesOf(await recall.rank(index, expanded, FOUND_BY_WORDS)),
          limit,
        )
  if (byTerms === undefined && near.length === 0) return { ...byWords, isStill: () => true }

  const bySequence = new Map(
    (await index.candidates(near.map(({ sequence }) => sequence))).map((one) => [one.position.sequence, one]),
  )
  const byVector: readonly RecallCandidate[] = near.flatMap(({ sequence }) => bySequence.get(sequence) ?? [])
  const lists: RankedList[] = [
    { name: 'words', messages: spokenFor(byWords) },
    ...(byTerms === undefined ? [] : [{ name: 'expansion', messages: spokenFor(byTerms) } as const]),
    { name: 'vector', messages: byVector },
  ]
  const fused = fuse(lists, limit)
  const isFused = new Set(fused.map(({ position }) => position.sequence))
  const { messages, passageOf } = byTerms ?? byWords
  const rest = messages.filter(({ score, position }) => score === 0 && !isFused.has(position.sequence))
  const byVectorAlone = new Set(
    fused.flatMap(({ scores, position }) => (Object.keys(scores).join() === 'vector' ? [position.sequence] : [])),
  )
  const hashes = new Map(near.map(({ sequence, hash }) => [sequence, hash]))
  return {
    messages: [...fused, ...rest].slice(0, limit),
    // The passage of a long message may have been found by a word that only the expansion has.
    passageOf,
    isStill: (sequence, said) =>
      !byVectorAlone.has(sequence) || (said !== undefined && hashes.get(sequence) === embeddedHash(said)),
  }
}

/** What nothing speaks for fills up a ranking by words. It must not stand against what another list has found. */
function spokenFor({ messages }: Ranking): Ranking['messages'] {
  return messages.filter(({ score }) => score > 0)
}

function sequencesOf({ messages }: Ranking): number[] {
  return messages.map(({ position }) => position.sequence)
}
