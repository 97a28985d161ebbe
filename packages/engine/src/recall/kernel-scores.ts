import { KERNEL, ONE, RADIUS } from './kernel.js'
import type { Scratch } from './scratch.js'
import { type SessionBorders, walkSessions } from './session-borders.js'

const K1 = 1.5
const B = 0.95

/**
 * BM25 in which a message is never scored alone: a word in a message counts, less, for its neighbours of the same session.
 * A question and its answer, a remark and what it is about share few words; they stand next to each other.
 *
 * @returns by place, and the greatest
 */
export function kernelScores(
  {
    wordCounts,
    borders,
    meanLength,
    scratch,
    only,
  }: {
    readonly wordCounts: Uint16Array
    readonly borders: SessionBorders
    readonly meanLength: number
    readonly scratch: Scratch
    /** By place: 0 where no score is needed. */
    readonly only?: Uint8Array | undefined
  },
  found: readonly { readonly sequences: ArrayLike<number>; readonly idf: number }[],
): { readonly scores: Float32Array; readonly most: number } {
  const { starts } = borders
  const mean = Math.max(1, meanLength) * KERNEL.reduce((sum, weight) => sum + weight, 0)
  const scores = scratch.floats('kernel', wordCounts.length)
  const frequencies = scratch.bytes('frequencies', wordCounts.length)

  /** Of a message and its neighbours. */
  const lengthAt = (place: number, from: number, to: number): number => {
    let length = 0
    const behind = Math.min(to, place + RADIUS + 1)
    for (let at = Math.max(from, place - RADIUS); at < behind; at++)
      length += (KERNEL[at - place + RADIUS] as number) * (wordCounts[at] as number)
    return length
  }

  let most = 0
  for (const { sequences, idf } of found) {
    walkSessions(borders, sequences, (place, session) => {
      const first = Math.max(starts[session] as number, place - RADIUS)
      const behind = Math.min(starts[session + 1] as number, place + RADIUS + 1)
      for (let at = first; at < behind; at++) {
        if (only !== undefined && only[at] === 0) continue
        frequencies[at] = (frequencies[at] as number) + (KERNEL[at - place + RADIUS] as number)
      }
    })
    // Once more along the same way: to remember it would take several bytes a place.
    walkSessions(borders, sequences, (place, session) => {
      const from = starts[session] as number
      const to = starts[session + 1] as number
      const behind = Math.min(to, place + RADIUS + 1)
      for (let at = Math.max(from, place - RADIUS); at < behind; at++) {
        if (frequencies[at] === 0) continue
        const frequency = (frequencies[at] as number) / ONE
        const norm = K1 * (1 - B + (B * lengthAt(at, from, to)) / mean)
        const score = (scores[at] as number) + (idf * frequency * (K1 + 1)) / (frequency + norm)
        scores[at] = score
        frequencies[at] = 0
        if ((scores[at] as number) > most) most = scores[at] as number
      }
    })
  }
  return { scores, most }
}
