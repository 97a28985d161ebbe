import type { LanguageModelV3 } from '@ai-sdk/provider'
import type { LlmProvider } from '../llm-profile.js'

export interface SdkModelAddress {
  readonly provider: Exclude<LlmProvider, 'offline'>
  readonly model: string
  readonly baseUrl: string
  readonly apiKey: string | null
}

type Fetch = typeof globalThis.fetch

/**
 * The SDK's model for an address. Only the SDK of that provider is loaded. All that it would look for in the
 * environment of the process is given, so it looks for nothing.
 */
export async function openSdkModel(
  { provider, model, baseUrl, apiKey }: SdkModelAddress,
  fetch: Fetch = globalThis.fetch,
): Promise<LanguageModelV3> {
  const common = { baseURL: baseUrl, fetch: withoutRedirects(fetch) }
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    return createAnthropic({ ...common, apiKey: apiKey ?? '' })(model)
  }
  if (provider === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai')
    return createOpenAI({ ...common, apiKey: apiKey ?? '' }).chat(model)
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const key = apiKey === null ? {} : { apiKey }
  return createOpenAICompatible({ ...common, ...key, name: provider, includeUsage: true }).chatModel(model)
}

/** fetch would carry the key and the conversation to wherever an answer points. A redirect is a failure with its status. */
export function withoutRedirects(fetch: Fetch): Fetch {
  return (input, init) => fetch(input, { ...init, redirect: 'manual' })
}
