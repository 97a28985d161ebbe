import type { MessageVector } from '@arawn/core/message-vector'
import { similarityOf } from '../vector-bytes.js'
import { rounded } from './rounded.js'

/** Where vectors of messages are, of one workstream and one embedder, and of the messages before the question alone. */
export interface VectorIndex {
  /** Counted up to `limit`. */
  count(limit: number): Promise<number>
  /** Behind a sequence, ascending. */
  page(after: number, limit: number): Promise<readonly MessageVector[]>
  /** Of those of these messages that have one. */
  of(sequences: readonly number[]): Promise<readonly MessageVector[]>
  /** Of the texts that these were made of. */
  hashes(sequences: readonly number[]): Promise<ReadonlyMap<number, string>>
}

/** Of so many all are looked at, which takes up to 0.2 s for 1,536 numbers each; of more, those that words have found. */
export const MOST_VECTORS = 20_000

// What is in memory at once: some megabytes.
const PAGE = 500

/**
 * How near the vectors of messages lie to a question's.
 *
 * @param found when there are too many vectors, the messages of which they are looked at
 * @returns by sequence, descending; without those that lie on the other side
 */
export async function nearest(
  vectors: VectorIndex,
  question: Uint8Array,
  found: () => Promise<readonly number[]>,
): Promise<ReadonlyMap<number, number>> {
  const near: [number, number][] = []
  const look = (page: readonly MessageVector[]) => {
    for (const { sequence, vector } of page) {
      const similarity = rounded(similarityOf(question, vector))
      if (similarity > 0) near.push([sequence, similarity])
    }
  }
  if ((await vectors.count(MOST_VECTORS + 1)) > MOST_VECTORS) {
    const sequences = await found()
    for (let at = 0; at < sequences.length; at += PAGE) look(await vectors.of(sequences.slice(at, at + PAGE)))
  } else {
    for (let after = 0; ; ) {
      const page = await vectors.page(after, PAGE)
      look(page)
      const last = page.at(-1)
      if (last === undefined) break
      after = last.sequence
    }
  }
  return new Map(near.sort(([a], [b]) => b - a))
}
