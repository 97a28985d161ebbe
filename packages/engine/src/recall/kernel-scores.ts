import { type SessionBorders, walkSessions } from './session-borders.js'

// What a word counts three messages before, two, one, in the message itself, and so on.
const KERNEL = [0.1, 0.3, 0.55, 1, 0.55, 0.3, 0.1]
const RADIUS = 3
const K1 = 1.5
const B = 0.95

/**
 * BM25 in which a message is never scored alone: a word in a message counts, less, for its neighbours of the same session.
 * A question and its answer, a remark and what it is about share few words; they stand next to each other.
 *
 * @param scores by place, to which is added
 */
export function addKernelScores(
  scores: Float32Array,
  {
    wordCounts,
    borders,
    messageCount,
  }: { readonly wordCounts: Uint16Array; readonly borders: SessionBorders; readonly messageCount: number },
  found: readonly { readonly sequences: readonly number[]; readonly idf: number }[],
): void {
  const { starts } = borders
  const words = wordCounts.reduce((sum, count) => sum + count, 0)
  const mean = (words * KERNEL.reduce((sum, weight) => sum + weight, 0)) / Math.max(1, messageCount)
  const most = found.reduce((longest, { sequences }) => Math.max(longest, sequences.length), 0) * KERNEL.length
  const touched = new Int32Array(most)
  const frequencies = new Float32Array(wordCounts.length)
  // What the length of a message and its neighbours does to its score; 0 until it is asked for.
  const norms = new Float32Array(wordCounts.length)

  const normAt = (place: number, from: number, to: number): number => {
    let length = 0
    for (let at = Math.max(from, place - RADIUS); at < Math.min(to, place + RADIUS + 1); at++)
      length += (KERNEL[at - place + RADIUS] as number) * (wordCounts[at] as number)
    return K1 * (1 - B + (B * length) / mean)
  }

  for (const { sequences, idf } of found) {
    let count = 0
    walkSessions(borders, sequences, (place, session) => {
      const [first, behind] = [starts[session] as number, starts[session + 1] as number]
      for (let at = Math.max(first, place - RADIUS); at < Math.min(behind, place + RADIUS + 1); at++) {
        if (frequencies[at] === 0) touched[count++] = at
        if (norms[at] === 0) norms[at] = normAt(at, first, behind)
        frequencies[at] = (frequencies[at] as number) + (KERNEL[at - place + RADIUS] as number)
      }
    })
    for (let index = 0; index < count; index++) {
      const place = touched[index] as number
      const frequency = frequencies[place] as number
      const score = (idf * frequency * (K1 + 1)) / (frequency + (norms[place] as number))
      scores[place] = (scores[place] as number) + score
      frequencies[place] = 0
    }
  }
}
