import type { TokenCounter } from '@arawn/core/token-counter'
import { cutLongRuns } from './cut-long-runs.js'

type Encoding = 'o200k_base' | 'cl100k_base'
type CountTokens = (text: string) => number

// Half a second and some MB each: loaded once for all, when the first text is counted.
const loaded = new Map<Encoding, Promise<CountTokens>>()

// What the name of a special token says in a text is text: nobody can end a conversation by writing about it.
const asText = { disallowedSpecial: new Set<string>() }

export function createExactCounter(encoding: Encoding): TokenCounter {
  return {
    name: encoding,
    errorShare: 0,
    async count(texts) {
      const countTokens = await load(encoding)
      return texts.map((text) => cutLongRuns(text).reduce((sum, piece) => sum + countTokens(piece), 0))
    },
  }
}

function load(encoding: Encoding): Promise<CountTokens> {
  const known = loaded.get(encoding)
  if (known !== undefined) return known
  const loading = importEncoding(encoding)
  loaded.set(encoding, loading)
  return loading
}

async function importEncoding(encoding: Encoding): Promise<CountTokens> {
  const { countTokens } =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base')
  return (text) => countTokens(text, asText)
}
