import { hasCode } from '@arawn/core/error'
import type { LanguageModel, LanguageModels, ModelProfile } from '@arawn/core/language-model'
import { type Logger, silentLogger } from '@arawn/core/logger'
import { createAnthropicBatches } from './adapter/anthropic-batches.js'
import { openSdkModel } from './adapter/open-sdk-model.js'
import { createProviderModel, systemRetryTools } from './adapter/provider-model.js'
import { type RetryPolicy, type RetryTools, usualRetries } from './adapter/retry-policy.js'
import type { LlmProfile } from './llm-profile.js'
import { createOfflineModel } from './offline-model.js'
import { askOllama } from './registry/ask-ollama.js'
import { baseUrlOf } from './registry/base-url.js'
import { allProfiles, findProfile } from './registry/find-profile.js'
import { knownProviders } from './registry/known-providers.js'
import { limitsOf } from './registry/known-windows.js'
import { type Environment, keyOf, keyProblem, redactor } from './registry/secret.js'
import { createTokenCounter, tokenizerOf } from './token-counters.js'

export type { RetryPolicy, RetryTools }

export interface LanguageModelsInput {
  /** Those of the settings, in their order. */
  readonly profiles: readonly LlmProfile[]
  /** A profile, or `profile/model`; null: the first of `profiles`, else what is found. */
  readonly defaultProfile: string | null
  /** Where keys are. */
  readonly env: Environment
  /** A provider that says nothing for this long is given up. Two minutes by default: models that think may be silent. */
  readonly idleTimeoutMs?: number | undefined
  readonly logger?: Logger | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Names of the models of a local Ollama, none when there is none. */
  readonly findOllama?: (() => Promise<readonly string[]>) | undefined
  readonly retries?: RetryPolicy | undefined
  readonly retryTools?: RetryTools | undefined
}

const IDLE_TIMEOUT_MS = 120_000
const OLLAMA = 'http://127.0.0.1:11434'

/**
 * The models that can be asked. Besides those of the settings there are always `anthropic`, `openai`, `ollama` and
 * `offline`. Without any setting the default is the first of them that can be used: by its key, or because Ollama runs.
 * Nothing is asked before a model is opened.
 */
export function openLanguageModels(input: LanguageModelsInput): LanguageModels {
  const { env, defaultProfile, findOllama = () => askOllama(OLLAMA, input.fetch) } = input
  const profiles = allProfiles(input.profiles)
  const named = defaultProfile ?? input.profiles[0]?.name ?? null

  async function defaultOf(): Promise<LlmProfile> {
    if (named !== null) return chosen(named)
    const keyed = withKey(profiles, env)
    if (keyed !== undefined) return keyed
    const [model] = await findOllama()
    return findProfile(model === undefined ? 'offline' : `ollama/${model}`, profiles)
  }

  /** Nobody has said which model of Ollama it shall be: the one used last. */
  async function chosen(name: string): Promise<LlmProfile> {
    const profile = findProfile(name, profiles)
    if (name !== 'ollama' || input.profiles.includes(profile)) return profile
    const [model] = await findOllama()
    return model === undefined ? profile : { ...profile, model }
  }

  return {
    async open(name) {
      return openProfile(name === null ? await defaultOf() : await chosen(name), input)
    },

    async list() {
      const first = firstOf(profiles, named, env)
      const others = profiles.filter(({ name }) => name !== first?.name)
      return [...(first === undefined ? [] : [first]), ...others].map((profile) =>
        describe(profile, profile === first, env),
      )
    },
  }
}

/** The default as far as it is known without asking; undefined when the settings name one that is not there. */
function firstOf(profiles: readonly LlmProfile[], named: string | null, env: Environment): LlmProfile | undefined {
  try {
    return findProfile(named ?? withKey(profiles, env)?.name ?? 'offline', profiles)
  } catch (error) {
    if (hasCode(error, 'MODEL_PROFILE_UNKNOWN')) return undefined
    throw error
  }
}

function withKey(profiles: readonly LlmProfile[], env: Environment): LlmProfile | undefined {
  return profiles.find(({ provider, ...more }) => {
    const isPaid = knownProviders[provider].apiKeyEnv !== null
    return isPaid && keyProblem({ provider, ...more }, env) === null
  })
}

function describe(profile: LlmProfile, isDefault: boolean, env: Environment): ModelProfile {
  const { name, provider, model } = profile
  return { profile: name, provider, model, isDefault, problem: keyProblem(profile, env) }
}

async function openProfile(profile: LlmProfile, input: LanguageModelsInput): Promise<LanguageModel> {
  const { name, provider, model, pricePerMillion: price } = profile
  if (provider === 'offline') return createOfflineModel(name)
  const { env, fetch, logger = silentLogger, idleTimeoutMs = IDLE_TIMEOUT_MS } = input
  const apiKey = keyOf(profile, env)
  const address = { provider, model, baseUrl: baseUrlOf(profile, env), apiKey }
  const sdk = await openSdkModel(address, fetch)
  const counter = createTokenCounter(tokenizerOf(profile))
  const { retryTools: tools = systemRetryTools, retries = usualRetries } = input
  const facts = { profile: name, model, ...limitsOf(profile), idleTimeoutMs, price, redact: redactor(apiKey) }
  const batches =
    provider === 'anthropic'
      ? createAnthropicBatches({
          address,
          maxOutputTokens: facts.maxOutputTokens,
          fetch,
          facts,
          retries,
          tools,
          logger,
        })
      : undefined
  return createProviderModel({ sdk, batches, counter, logger, tools }, facts, retries)
}
