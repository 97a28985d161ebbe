import type { Embedder } from '@arawn/core/embedder'
import { hasCode } from '@arawn/core/error'

// A provider that refuses so many texts and takes none refuses whatever it is given.
const MOST_REFUSALS = 4

/**
 * Vectors of texts. When a provider refuses them together they are halved until it is clear which: one text must not hold
 * up all others.
 *
 * @returns undefined for a text that it refuses by itself
 * @throws what `embed` throws otherwise, and when it takes none of them
 */
export async function embedTexts(
  embed: (texts: readonly string[]) => ReturnType<Embedder['embed']>,
  texts: readonly string[],
): Promise<readonly (Float32Array | undefined)[]> {
  const vectors: (Float32Array | undefined)[] = texts.map(() => undefined)
  let [refusals, taken] = [0, 0]

  async function take(from: number, to: number): Promise<void> {
    try {
      const made = await embed(texts.slice(from, to))
      for (const [at, vector] of made.entries()) vectors[from + at] = vector
      taken += made.length
    } catch (error) {
      const isOfTexts = hasCode(error, 'MODEL_REFUSED') || hasCode(error, 'MODEL_OVERFLOW')
      if (!isOfTexts || (taken === 0 && ++refusals >= MOST_REFUSALS + Math.log2(texts.length))) throw error
      if (to - from === 1) {
        lastRefusal = error
        return
      }
      const middle = Math.ceil((from + to) / 2)
      await take(from, middle)
      await take(middle, to)
    }
  }

  let lastRefusal: unknown
  if (texts.length > 0) await take(0, texts.length)
  if (taken === 0 && lastRefusal !== undefined) throw lastRefusal
  return vectors
}
