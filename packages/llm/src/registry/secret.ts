import { WorkstreamError } from '@arawn/core/error'
import type { LlmProfile } from '../llm-profile.js'
import { knownProviders } from './known-providers.js'

// Servers of local models take any word as a key; to leave that out would only make errors hard to read.
const SHORTEST_SECRET = 8

export type Environment = Readonly<Record<string, string | undefined>>

/** The variable that holds a profile's key; null when it needs none. */
export function keyVariable({ provider, apiKeyEnv }: LlmProfile): string | null {
  return apiKeyEnv === undefined ? knownProviders[provider].apiKeyEnv : apiKeyEnv
}

/** Why the key of a profile cannot be used; null when it can. Says nothing of the key itself. */
export function keyProblem(profile: LlmProfile, env: Environment): string | null {
  const variable = keyVariable(profile)
  return variable === null || keyIn(env, variable) !== undefined ? null : `${variable} is not set`
}

/** @throws MODEL_KEY_MISSING | MODEL_AUTH it could not even be sent */
export function keyOf(profile: LlmProfile, env: Environment): string | null {
  const variable = keyVariable(profile)
  if (variable === null) return null
  const key = keyIn(env, variable)
  if (key === undefined)
    throw new WorkstreamError(
      'MODEL_KEY_MISSING',
      `the profile ${profile.name} needs a key in ${variable}, which is not set`,
      { profile: profile.name, variable },
    )
  // fetch refuses such a header with an error that repeats it.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new WorkstreamError(
      'MODEL_AUTH',
      `what ${variable} holds is no key: it has spaces or other characters that cannot be sent`,
      { profile: profile.name, status: null },
    )
  return key
}

/** Leaves a key out of whatever somebody else says. */
export function redactor(key: string | null): (text: string) => string {
  return key === null || key.length < SHORTEST_SECRET ? (text) => text : (text) => text.replaceAll(key, '[key]')
}

/** Files and pastes add line ends. */
function keyIn(env: Environment, variable: string): string | undefined {
  const key = env[variable]?.trim()
  return key === '' ? undefined : key
}
