import type { TokenCounter } from '@arawn/core/token-counter'
import { createEstimatingCounter } from './counter/estimating-counter.js'
import { createExactCounter } from './counter/exact-counter.js'
import type { LlmProfile, TokenizerName } from './llm-profile.js'

/** Counts as OpenAI's models do, or estimates. Loads nothing before it is used. */
export function createTokenCounter(tokenizer: TokenizerName): TokenCounter {
  return tokenizer === 'estimate' ? createEstimatingCounter() : createExactCounter(tokenizer)
}

/** The way to count for a profile: as it says, else what is known of OpenAI's models, else an estimate. */
export function tokenizerOf({ provider, model, tokenizer }: LlmProfile): TokenizerName {
  if (tokenizer !== undefined) return tokenizer
  if (provider !== 'openai') return 'estimate'
  return /^(gpt-3\.5|gpt-4($|-))/.test(model) ? 'cl100k_base' : 'o200k_base'
}
