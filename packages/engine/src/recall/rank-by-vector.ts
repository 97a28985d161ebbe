import type { RecallCandidate } from '@arawn/core/recall'
import { nearest, type VectorIndex } from './nearest.js'

export interface VectorRanking {
  /** The nearest first. */
  readonly messages: readonly RecallCandidate[]
  /** Of the texts that their vectors were made of. */
  readonly hashes: ReadonlyMap<number, string>
}

export const NOTHING_NEAR: VectorRanking = { messages: [], hashes: new Map() }

/**
 * Ranks messages by how near their vectors lie to a question's.
 *
 * @param candidates those of these messages that are shown, ascending
 * @param found when there are too many vectors to look at, the messages of which they are
 */
export async function rankByVector(
  vectors: VectorIndex,
  question: Uint8Array,
  {
    candidates,
    found,
    limit,
  }: {
    readonly candidates: (sequences: readonly number[]) => Promise<readonly RecallCandidate[]>
    readonly found: () => Promise<readonly number[]>
    readonly limit: number
  },
): Promise<VectorRanking> {
  const near = (await nearest(vectors, question, found, limit)).map(({ sequence }) => sequence)
  if (near.length === 0) return NOTHING_NEAR
  const shown = new Map((await candidates(near)).map((candidate) => [candidate.position.sequence, candidate]))
  return { messages: near.flatMap((sequence) => shown.get(sequence) ?? []), hashes: await vectors.hashes(near) }
}
