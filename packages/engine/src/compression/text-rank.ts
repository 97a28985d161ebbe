/**
 * TextRank (Mihalcea and Tarau, 2004): a sentence counts when it shares words with others that count. Work is bounded:
 * only rare words link sentences, and only so many of them.
 */

/**
 * @param weights where a walk over the sentences begins again, by how much each deserves it; none negative
 * @returns a rank for each sentence, 1 on average; the same for the same input, on every machine
 */
export function textRank(sentences: readonly string[], weights: readonly number[]): number[] {
  const count = sentences.length
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const links = linksOf(sentences)
  const sums = links.map((row) => row.reduce((sum, [, share]) => sum + share, 0))
  let ranks = weights.map((weight) => weight / total)
  for (let round = 0; round < ROUNDS; round++) {
    const next = weights.map((weight) => ((1 - DAMPING) * weight) / total)
    for (let from = 0; from < count; from++) {
      const rank = ranks[from] ?? 0
      const sum = sums[from] ?? 0
      if (sum === 0) next[from] = (next[from] ?? 0) + DAMPING * rank
      else for (const [to, share] of links[from] ?? []) next[to] = (next[to] ?? 0) + (DAMPING * rank * share) / sum
    }
    ranks = next
  }
  return ranks.map((rank) => rank * count)
}

const ROUNDS = 15
const DAMPING = 0.6
/** A word in more sentences than that says nothing about any of them. */
const MAX_SHARED = 40

type Link = readonly [to: number, share: number]

function linksOf(sentences: readonly string[]): Link[][] {
  const words = sentences.map((sentence) => [...wordsOf(sentence)])
  const places = new Map<string, number[]>()
  words.forEach((list, index) => {
    for (const word of list) places.set(word, [...(places.get(word) ?? []), index].slice(0, MAX_SHARED + 1))
  })
  return words.map((list, from) => {
    const shared = new Map<number, number>()
    for (const word of list) {
      const others = places.get(word) ?? []
      if (others.length > MAX_SHARED) continue
      for (const to of others) if (to !== from) shared.set(to, (shared.get(to) ?? 0) + 1)
    }
    const links: Link[] = []
    for (const [to, common] of shared)
      links.push([to, common / (Math.log(1 + list.length) + Math.log(1 + (words[to]?.length ?? 0)) + 1)])
    return links
  })
}

/** Words in small letters; of scripts without blanks, pairs of letters. */
export function wordsOf(sentence: string): Set<string> {
  const words = new Set<string>()
  for (const [word] of sentence.toLowerCase().matchAll(WORD)) {
    if (!NO_BLANKS.test(word)) {
      if (word.length > 2) words.add(word)
    } else for (let at = 0; at + 1 < word.length; at++) words.add(word.slice(at, at + 2))
  }
  return words
}

const WORD = /[\p{L}\p{N}_]+/gu
const NO_BLANKS = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/
