import { fuse, type RankedList } from './recall/fuse.js'
import type { Ranking, Recall, RecallIndex, RecallQuestion } from './recall.js'

/** What models make of a question, so that more is found than its own words find. */
export interface QuestionHints {
  /** Words that old messages may have and the question has not. */
  readonly terms?: readonly string[] | undefined
}

export const NO_HINTS: QuestionHints = {}

/**
 * Ranks messages by the question's words, and by what hints there are; the lists are joined by reciprocal rank. Without
 * hints it is the ranking of `recall` as it is.
 *
 * Of hints, a score is the sum of `words`, `expansion` and `vector`: what each list gives for a message's place in it.
 */
export async function rankWithHints(
  recall: Recall,
  index: RecallIndex,
  question: RecallQuestion & { readonly hints: QuestionHints },
  limit: number,
): Promise<Ranking> {
  const { text, nowMs, hints } = question
  const byWords = await recall.rank(index, { text, nowMs }, limit)
  const { terms = [] } = hints
  if (terms.length === 0) return byWords
  // Of a long question only so many tokens are looked at, the first ones.
  const byTerms = await recall.rank(index, { text: `${terms.join(' ')}\n${text}`, nowMs }, limit)
  const fused = fuse([listOf('words', byWords), listOf('expansion', byTerms)], limit)
  const isFused = new Set(fused.map(({ position }) => position.sequence))
  const rest = byTerms.messages.filter(({ score, position }) => score === 0 && !isFused.has(position.sequence))
  return {
    messages: [...fused, ...rest].slice(0, limit),
    // The passage of a long message may have been found by a word that only the expansion has.
    passageOf: byTerms.passageOf,
  }
}

/** What nothing speaks for fills up a ranking by words. It must not stand against what another list has found. */
function listOf(name: RankedList['name'], { messages }: Ranking): RankedList {
  return { name, messages: messages.filter(({ score }) => score > 0) }
}
