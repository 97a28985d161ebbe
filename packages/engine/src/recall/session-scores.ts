import { inverseFrequency } from './inverse-frequency.js'
import { type SessionBorders, walkSessions } from './session-borders.js'

const K1 = 1.2
const B = 0.75

/** BM25 of whole sessions: what was talked about where a message stands. @returns by session */
export function scoreSessions(
  { wordCounts, borders }: { readonly wordCounts: Uint16Array; readonly borders: SessionBorders },
  found: readonly { readonly sequences: ArrayLike<number> }[],
): Float64Array {
  const { count, starts } = borders
  const lengths = new Float64Array(count)
  let words = 0
  for (let session = 0; session < count; session++) {
    let length = 0
    for (let place = starts[session] as number; place < (starts[session + 1] as number); place++)
      length += wordCounts[place] as number
    lengths[session] = length
    words += length
  }
  const mean = Math.max(1, words / Math.max(1, count))
  const scores = new Float64Array(count)
  for (const { sequences } of found) {
    const frequencies = new Map<number, number>()
    walkSessions(borders, sequences, (_, session) => frequencies.set(session, (frequencies.get(session) ?? 0) + 1))
    const idf = inverseFrequency(frequencies.size, count)
    for (const [session, frequency] of frequencies) {
      const norm = K1 * (1 - B + (B * (lengths[session] as number)) / mean)
      scores[session] = (scores[session] as number) + (idf * frequency * (K1 + 1)) / (frequency + norm)
    }
  }
  return scores
}
