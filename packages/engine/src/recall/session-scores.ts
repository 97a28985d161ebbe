import { inverseFrequency } from './inverse-frequency.js'
import type { Scratch } from './scratch.js'
import { type SessionBorders, walkSessions } from './session-borders.js'

const K1 = 1.2
const B = 0.75

/**
 * BM25 of whole sessions: what was talked about where a message stands.
 *
 * @param lengths of sessions
 * @returns by session, and the greatest
 */
export function scoreSessions(
  borders: SessionBorders,
  lengths: Float64Array,
  scratch: Scratch,
  found: readonly { readonly sequences: ArrayLike<number> }[],
): { readonly scores: Float64Array; readonly most: number } {
  const { count } = borders
  let words = 0
  for (let session = 0; session < count; session++) words += lengths[session] as number
  const mean = Math.max(1, words / Math.max(1, count))
  const scores = scratch.doubles('session scores', count)
  for (const { sequences } of found) {
    const frequencies = scratch.integers('session frequencies', count)
    let having = 0
    walkSessions(borders, sequences, (_, session) => {
      if (frequencies[session] === 0) having++
      frequencies[session] = (frequencies[session] as number) + 1
    })
    const idf = inverseFrequency(having, count)
    for (let session = 0; session < count; session++) {
      const frequency = frequencies[session] as number
      if (frequency === 0) continue
      const norm = K1 * (1 - B + (B * (lengths[session] as number)) / mean)
      scores[session] = (scores[session] as number) + (idf * frequency * (K1 + 1)) / (frequency + norm)
    }
  }
  let most = 0
  for (let session = 0; session < count; session++) most = Math.max(most, scores[session] as number)
  return { scores, most }
}
