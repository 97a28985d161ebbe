import type { Embedder, Embedders } from '@arawn/core/embedder'
import { WorkstreamError } from '@arawn/core/error'
import { silentLogger } from '@arawn/core/logger'
import { openSdkEmbedder } from './adapter/open-sdk-embedder.js'
import { createProviderEmbedder } from './adapter/provider-embedder.js'
import { systemRetryTools } from './adapter/provider-model.js'
import { usualRetries } from './adapter/retry-policy.js'
import type { LlmProfile } from './llm-profile.js'
import type { LanguageModelsInput } from './open-language-models.js'
import { baseUrlOf } from './registry/base-url.js'
import { allProfiles, findProfile } from './registry/find-profile.js'
import { limitsOf } from './registry/known-windows.js'
import { keyOf, redactor } from './registry/secret.js'

export type EmbeddersInput = Pick<
  LanguageModelsInput,
  'profiles' | 'env' | 'idleTimeoutMs' | 'logger' | 'fetch' | 'retries' | 'retryTools'
>

const IDLE_TIMEOUT_MS = 120_000

/**
 * The embedders that can be asked: those of OpenAI, of Ollama and of whatever speaks like them, by the same profiles as
 * language models, and by `profile/model`.
 */
export function openEmbedders(input: EmbeddersInput): Embedders {
  const profiles = allProfiles(input.profiles)
  return { open: async (name) => openProfile(findProfile(name, profiles), input) }
}

async function openProfile(profile: LlmProfile, input: EmbeddersInput): Promise<Embedder> {
  const { name, provider, model } = profile
  if (provider === 'anthropic' || provider === 'offline') {
    const problem = 'it has no embedders'
    const details = { profile: name, status: null, problem }
    throw new WorkstreamError('MODEL_REFUSED', `${name}: ${problem}`, details)
  }
  const { env, fetch, logger = silentLogger, idleTimeoutMs = IDLE_TIMEOUT_MS } = input
  const { retryTools: tools = systemRetryTools, retries = usualRetries } = input
  const apiKey = keyOf(profile, env)
  const sdk = await openSdkEmbedder({ provider, model, baseUrl: baseUrlOf(profile, env), apiKey }, fetch)
  const { windowTokens } = limitsOf(profile)
  const facts = { profile: name, model, windowTokens, idleTimeoutMs, redact: redactor(apiKey) }
  return createProviderEmbedder(sdk, { facts, retries, tools, logger })
}
