import type { TokenCounter } from '@arawn/core/token-counter'
import type { CountText } from './context.js'

/**
 * Runs something pure that needs counts, which a counter gives only later: each run names the texts whose counts it
 * missed, they are counted, and it runs again, until none was missing. Most need one more run or none.
 *
 * @param known counts from before; new ones are added
 */
export async function withCounts<T>(
  counter: TokenCounter,
  run: (count: CountText) => T,
  known: Map<string, number> = new Map(),
): Promise<T> {
  for (;;) {
    const missing = new Set<string>()
    const attempt = tryRun(run, (text) => {
      const tokens = known.get(text)
      if (tokens !== undefined) return tokens
      missing.add(text)
      return Math.ceil(text.length / CHARACTERS_PER_TOKEN)
    })
    if (missing.size === 0) return attempt()
    await addCounts(counter, [...missing], known)
  }
}

/** Counts texts that were not counted yet. */
export async function addCounts(
  counter: TokenCounter,
  texts: readonly string[],
  known: Map<string, number>,
): Promise<void> {
  const fresh = texts.filter((text) => !known.has(text))
  if (fresh.length === 0) return
  const counts = await counter.count(fresh)
  for (const [index, text] of fresh.entries()) known.set(text, counts[index] ?? text.length)
}

/** A failure counts only when it was not caused by a guess. */
function tryRun<T>(run: (count: CountText) => T, count: CountText): () => T {
  try {
    const value = run(count)
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

// A guess that is near enough to make the next run the last one most of the time.
const CHARACTERS_PER_TOKEN = 3.5
