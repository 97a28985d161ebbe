import type { EmbeddingModelV3 } from '@ai-sdk/provider'
import { type SdkModelAddress, withoutRedirects } from './open-sdk-model.js'

export type SdkEmbedderAddress = SdkModelAddress & {
  readonly provider: Exclude<SdkModelAddress['provider'], 'anthropic'>
}

/** The SDK's embedding model for an address. As for a language model, it looks for nothing in the environment. */
export async function openSdkEmbedder(
  { provider, model, baseUrl, apiKey }: SdkEmbedderAddress,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<EmbeddingModelV3> {
  const common = { baseURL: baseUrl, fetch: withoutRedirects(fetch) }
  if (provider === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai')
    return createOpenAI({ ...common, apiKey: apiKey ?? '' }).embeddingModel(model)
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const key = apiKey === null ? {} : { apiKey }
  return createOpenAICompatible({ ...common, ...key, name: provider }).embeddingModel(model)
}
