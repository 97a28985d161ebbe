import { WorkstreamError } from '@arawn/core/error'
import { nearestNames } from '@arawn/core/nearest'
import type { LlmProfile } from '../llm-profile.js'
import { knownProviders } from './known-providers.js'

/** Those of the settings, then those that are always there: each provider with a usual address, and the offline model. */
export function allProfiles(profiles: readonly LlmProfile[]): LlmProfile[] {
  const always = (['anthropic', 'openai', 'ollama', 'offline'] as const).map((provider) => ({
    name: provider,
    provider,
    model: knownProviders[provider].model,
  }))
  const names = new Set(profiles.map(({ name }) => name))
  return [...profiles, ...always.filter(({ name }) => !names.has(name))]
}

/** @param name a profile, or `profile/model`; a model's name may have slashes of its own @throws MODEL_PROFILE_UNKNOWN */
export function findProfile(name: string, profiles: readonly LlmProfile[]): LlmProfile {
  const whole = profiles.find((profile) => profile.name === name)
  if (whole !== undefined) return whole
  const slash = name.indexOf('/')
  const model = name.slice(slash + 1).trim()
  const profile = slash < 0 || model === '' ? undefined : profiles.find((one) => one.name === name.slice(0, slash))
  if (profile !== undefined) return profile.provider === 'offline' ? profile : withModel(profile, model)
  const names = profiles.map((one) => one.name)
  throw new WorkstreamError(
    'MODEL_PROFILE_UNKNOWN',
    `there is no model profile ${JSON.stringify(name)}; there are ${names.join(', ')}`,
    { profile: name, suggestions: suggestionsFor(name, profiles) },
  )
}

/** What was set for the profile's own model is not true of another one, but the address and the key are. */
function withModel({ name, provider, baseUrl, apiKeyEnv, ...own }: LlmProfile, model: string): LlmProfile {
  return model === own.model
    ? { name, provider, baseUrl, apiKeyEnv, ...own }
    : { name, provider, baseUrl, apiKeyEnv, model }
}

function suggestionsFor(name: string, profiles: readonly LlmProfile[]): string[] {
  const byModel = profiles.filter(({ model }) => model === name).map((profile) => profile.name)
  const begin = name.split('/')[0] ?? name
  const near = nearestNames(
    begin,
    profiles.map((profile) => profile.name),
  )
  return [...new Set([...byModel, ...near])].slice(0, 3)
}
