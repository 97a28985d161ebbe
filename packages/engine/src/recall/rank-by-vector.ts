import type { RecallCandidate, RecallShape } from '@arawn/core/recall'
import type { RecallIndex } from '../recall.js'
import { createBest } from './best.js'
import { KERNEL, ONE, RADIUS } from './kernel.js'
import { nearest, type VectorIndex } from './nearest.js'
import { rounded } from './rounded.js'
import { sessionBorders, walkSessions } from './session-borders.js'

export interface VectorRanking {
  /** The best first, the earlier of equals first. */
  readonly messages: readonly RecallCandidate[]
  /** Of the texts that their own vectors were made of. */
  readonly hashes: ReadonlyMap<number, string>
}

export const NOTHING_NEAR: VectorRanking = { messages: [], hashes: new Map() }

/**
 * Ranks messages by how near their vectors lie to a question's, and those of their neighbours: as with words, no message is
 * scored alone.
 *
 * @param found when there are too many vectors to look at, the messages of which they are
 */
export async function rankByVector(
  vectors: VectorIndex,
  question: Uint8Array,
  {
    index,
    found,
    limit,
  }: {
    readonly index: Pick<RecallIndex, 'shape' | 'candidates'>
    readonly found: () => Promise<readonly number[]>
    readonly limit: number
  },
): Promise<VectorRanking> {
  const shape = await index.shape()
  if (shape === undefined) return NOTHING_NEAR
  const near = await nearest(vectors, question, found)
  if (near.size === 0) return NOTHING_NEAR
  const ranked = createBest(limit)
  kernelSimilarities(shape, near).forEach((score, place) => {
    if (score > 0) ranked.offer(place, rounded(score))
  })
  const best = ranked.take().map(({ place }) => place + 1)
  const shown = new Map((await index.candidates(best)).map((candidate) => [candidate.position.sequence, candidate]))
  return { messages: best.flatMap((sequence) => shown.get(sequence) ?? []), hashes: await vectors.hashes(best) }
}

/** @param near by sequence, descending @returns by place; 0 where nothing is near */
function kernelSimilarities(shape: RecallShape, near: ReadonlyMap<number, number>): Float32Array {
  const { wordCounts } = shape
  const borders = sessionBorders(shape)
  const scores = new Float32Array(wordCounts.length)
  walkSessions(borders, [...near.keys()], (place, session) => {
    const similarity = near.get(place + 1) ?? 0
    const first = Math.max(borders.starts[session] as number, place - RADIUS)
    const behind = Math.min(borders.starts[session + 1] as number, place + RADIUS + 1)
    for (let at = first; at < behind; at++)
      scores[at] = (scores[at] as number) + (similarity * (KERNEL[at - place + RADIUS] as number)) / ONE
  })
  return scores.map((score, place) => (wordCounts[place] === 0 ? 0 : score))
}
