import type { TokenCounter } from '@arawn/core/token-counter'

/**
 * Counts of texts, by counter, kept while the process lives: a context is assembled again and again from nearly the same
 * texts.
 */
export interface TokenCounts {
  /** Grows as texts are counted. */
  of(counter: TokenCounter): Map<string, number>
  /** Forgets them when they have become many. */
  trim(): void
}

// By their length, in UTF-16 units: 2 to 4 MB, the texts of some forty contexts. What lives on is the least of it: the more of it
// there is, the more garbage a process lets lie.
const MAX_UNITS = 2_000_000

export function createTokenCounts(): TokenCounts {
  const byCounter = new Map<string, MeasuredCounts>()
  return {
    of({ name }) {
      const known = byCounter.get(name) ?? new MeasuredCounts()
      byCounter.set(name, known)
      return known
    },
    trim() {
      let units = 0
      for (const counts of byCounter.values()) units += counts.units
      if (units > MAX_UNITS) byCounter.clear()
    },
  }
}

/** Knows how long its texts are: nobody goes through hundreds of thousands of them at every turn. */
class MeasuredCounts extends Map<string, number> {
  units = 0

  override set(text: string, tokens: number): this {
    if (!this.has(text)) this.units += text.length
    return super.set(text, tokens)
  }
}
