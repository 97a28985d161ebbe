import type { ModelUsage } from '@arawn/core/language-model'
import type { TokenPrice } from './llm-profile.js'

/** What a call costs by the prices of its profile, in US dollars; null when the provider did not say how much it was. */
export function costOf(usage: ModelUsage, price: TokenPrice): number | null {
  const { input_tokens: input, output_tokens: output, cached_input_tokens: cached = 0 } = usage
  if (input === undefined || output === undefined) return null
  const fresh = Math.max(0, input - cached)
  return (fresh * price.input + cached * (price.cachedInput ?? price.input) + output * price.output) / 1_000_000
}
