/** A model and how to reach it: a table `[llm_profiles.NAME]` of arawn.toml, or what was found without any. */
export interface LlmProfile {
  readonly name: string
  readonly provider: LlmProvider
  /** What the provider calls the model. */
  readonly model: string
  /** Where the provider's API begins, with its version: `https://api.openai.com/v1`. By default the provider's own. */
  readonly baseUrl?: string | undefined
  /** Name of the variable that holds the key; null for none. By default the provider's usual one. */
  readonly apiKeyEnv?: string | null | undefined
  /** What is sent and what is answered fit into this together. By default what is known of the model. */
  readonly contextTokens?: number | undefined
  readonly maxOutputTokens?: number | undefined
  readonly tokenizer?: TokenizerName | undefined
  readonly pricePerMillion?: TokenPrice | undefined
}

export type LlmProvider = 'anthropic' | 'openai' | 'openai-compatible' | 'ollama' | 'offline'

/** `estimate` suits every model and is exact for none. */
export type TokenizerName = 'o200k_base' | 'cl100k_base' | 'estimate'

/** In US dollars, for a million tokens. */
export interface TokenPrice {
  readonly input: number
  /** Of input that came out of the provider's cache; as `input` when it is not given. */
  readonly cachedInput?: number | undefined
  readonly output: number
}
