import type { LlmProfile } from '../llm-profile.js'

export interface ModelLimits {
  readonly windowTokens: number
  readonly maxOutputTokens: number
}

// By what a model's name begins with; the first that fits. Input and output of gpt-5 have limits of their own: this is
// the input's. What is not known is taken to be small: an overflow costs a turn, room that is not used costs little.
const known: readonly (readonly [RegExp, ModelLimits])[] = [
  [/^claude-/, { windowTokens: 200_000, maxOutputTokens: 8_192 }],
  [/^gpt-5(\.\d)?-chat/, { windowTokens: 128_000, maxOutputTokens: 16_384 }],
  [/^gpt-[56]/, { windowTokens: 272_000, maxOutputTokens: 16_384 }],
  [/^gpt-4\.1/, { windowTokens: 1_047_576, maxOutputTokens: 16_384 }],
  [/^(gpt-4o|chatgpt-4o|gpt-4-turbo|gpt-4\.5)/, { windowTokens: 128_000, maxOutputTokens: 4_096 }],
  [/^gpt-4/, { windowTokens: 8_192, maxOutputTokens: 2_048 }],
  [/^gpt-3\.5/, { windowTokens: 16_385, maxOutputTokens: 2_048 }],
  [/^o[134]/, { windowTokens: 200_000, maxOutputTokens: 16_384 }],
]

const unknown: ModelLimits = { windowTokens: 32_768, maxOutputTokens: 4_096 }

// Ollama cuts what is longer than its own setting, in silence, and that begins here.
const ollama: ModelLimits = { windowTokens: 4_096, maxOutputTokens: 1_024 }

export function limitsOf({ provider, model, contextTokens, maxOutputTokens }: LlmProfile): ModelLimits {
  const usual = provider === 'ollama' ? ollama : (known.find(([begins]) => begins.test(model))?.[1] ?? unknown)
  const windowTokens = contextTokens ?? usual.windowTokens
  // In a window that was set small, an answer takes at most a quarter.
  const fitting = Math.min(usual.maxOutputTokens, Math.max(1, Math.floor(windowTokens / 4)))
  return { windowTokens, maxOutputTokens: Math.min(maxOutputTokens ?? fitting, windowTokens - 1) }
}
