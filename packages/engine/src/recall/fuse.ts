import type { RecallCandidate } from '@arawn/core/recall'
import type { RankedMessage } from '../recall.js'

/** Messages, the best first. */
export interface RankedList {
  /** How it is called among the parts of a score. */
  readonly name: 'words' | 'expansion' | 'vector'
  readonly messages: readonly RecallCandidate[]
}

// As in Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion", 2009: where lists disagree, no single first place decides.
const K = 60
// Reciprocal ranks of long lists lie close to each other.
const DIGITS = 1_000_000

/**
 * Joins lists by reciprocal rank: scores of different kinds cannot be compared, places can. The first of a list gets 1
 * for it, those behind it ever less; what stands in several lists gets the sum.
 *
 * @returns the best first, the earlier of equals first
 */
export function fuse(lists: readonly RankedList[], limit: number): RankedMessage[] {
  const found = new Map<number, { candidate: RecallCandidate; scores: Record<string, number> }>()
  for (const { name, messages } of lists)
    messages.forEach((candidate, at) => {
      const { sequence } = candidate.position
      const known = found.get(sequence) ?? { candidate, scores: {} }
      found.set(sequence, known)
      known.scores[name] = roundedFinely((K + 1) / (K + 1 + at))
    })
  return [...found.values()]
    .map(({ candidate: { position, author }, scores }) => ({ position, author, score: sumOf(scores), scores }))
    .sort((a, b) => b.score - a.score || a.position.sequence - b.position.sequence)
    .slice(0, limit)
}

function sumOf(scores: Readonly<Record<string, number>>): number {
  return roundedFinely(Object.values(scores).reduce((sum, score) => sum + score, 0))
}

function roundedFinely(score: number): number {
  return Math.round(score * DIGITS) / DIGITS
}
