import type { LlmProvider } from '../llm-profile.js'

/** What is known of a provider without any setting. */
export interface KnownProvider {
  readonly baseUrl: string | null
  /** A variable that says otherwise, as the provider's own programs read it. */
  readonly baseUrlEnv: string | null
  readonly apiKeyEnv: string | null
  /** Asked when nobody names one. */
  readonly model: string
}

export const knownProviders: Readonly<Record<LlmProvider, KnownProvider>> = {
  anthropic: {
    baseUrl: 'https://api.anthropic.com/v1',
    baseUrlEnv: 'ANTHROPIC_BASE_URL',
    apiKeyEnv: 'ANTHROPIC_API_KEY',
    model: 'claude-sonnet-5',
  },
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    baseUrlEnv: 'OPENAI_BASE_URL',
    apiKeyEnv: 'OPENAI_API_KEY',
    model: 'gpt-5-mini',
  },
  'openai-compatible': { baseUrl: null, baseUrlEnv: null, apiKeyEnv: null, model: 'default' },
  ollama: { baseUrl: 'http://127.0.0.1:11434/v1', baseUrlEnv: null, apiKeyEnv: null, model: 'llama3.2' },
  offline: { baseUrl: null, baseUrlEnv: null, apiKeyEnv: null, model: 'offline' },
}
