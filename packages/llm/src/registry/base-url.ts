import type { LlmProfile } from '../llm-profile.js'
import { knownProviders } from './known-providers.js'
import type { Environment } from './secret.js'

/** Where a profile's API begins: its own setting, else the provider's variable, else the provider's address. */
export function baseUrlOf({ provider, baseUrl }: LlmProfile, env: Environment): string {
  const known = knownProviders[provider]
  const said = baseUrl ?? fromEnvironment(known.baseUrlEnv, env) ?? known.baseUrl
  // Only openai-compatible has no usual address; the settings insist on one.
  if (said === null) throw new TypeError('a profile of the provider openai-compatible needs a base url')
  return said.replace(/\/+$/, '')
}

/** Anthropic's own programs take the address without the version, the SDK with it. */
function fromEnvironment(variable: string | null, env: Environment): string | null {
  const said = variable === null ? undefined : env[variable]?.trim().replace(/\/+$/, '')
  if (said === undefined || said === '') return null
  return variable === 'ANTHROPIC_BASE_URL' && !said.endsWith('/v1') ? `${said}/v1` : said
}
