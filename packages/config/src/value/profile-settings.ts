import { configInvalid } from '../file/config-invalid.js'
import { type FileProfile, PROFILES } from '../file/profiles-in-file.js'
import { type ProfileField, type ProfileSettings, type ProfileValues, profileFields } from '../profile-setting.js'
import type { SettingSource } from '../setting-source.js'
import { checkValue } from './check-value.js'

export interface CheckedProfile {
  readonly profile: ProfileSettings
  /** What was given, in the order of the documentation. */
  readonly sources: readonly SettingSource[]
}

/** @throws CONFIG_INVALID a value that does not fit, or one that is missing */
export function profileSettings(file: string, { name, line, values }: FileProfile): CheckedProfile {
  const sources: SettingSource[] = []
  const checked = new Map<ProfileField, unknown>()
  for (const facts of profileFields) {
    const found = values.get(facts.field)
    if (found === undefined) continue
    const key = `${PROFILES}.${name}.${facts.field}` as const
    const value = checkValue(facts, found.value, { file, line: found.line, key })
    checked.set(facts.field, value)
    const origin = found.line === null ? file : `${file}:${found.line}`
    sources.push({ key, value, source: 'file', origin })
  }
  // Every value has passed the schema of its field.
  const value = <Field extends ProfileField>(field: Field) => checked.get(field) as ProfileValues[Field] | undefined
  const needed = <Field extends ProfileField>(field: Field, why: string): ProfileValues[Field] => {
    const found = value(field)
    if (found !== undefined) return found
    throw configInvalid({ file, line, key: `${PROFILES}.${name}` }, `${field} is missing${why}`)
  }

  const provider = needed('provider', '')
  if (provider === 'openai-compatible') needed('base_url', ', which "openai-compatible" needs')
  const hasPrice = [...checked.keys()].some((field) => field.startsWith('price_'))
  const why = ', which a price needs'
  const profile: ProfileSettings = {
    name,
    provider,
    model: provider === 'offline' ? (value('model') ?? 'offline') : needed('model', ''),
    ...given('baseUrl', value('base_url')),
    // An empty name means that no key is sent, be it usual or not.
    ...given('apiKeyEnv', value('api_key_env') === '' ? null : value('api_key_env')),
    ...given('contextTokens', value('context_tokens')),
    ...given('maxOutputTokens', value('max_output_tokens')),
    ...given('tokenizer', value('tokenizer')),
    ...(hasPrice && {
      pricePerMillion: {
        input: needed('price_input_per_million', why),
        ...given('cachedInput', value('price_cached_input_per_million')),
        output: needed('price_output_per_million', why),
      },
    }),
  }
  const { contextTokens, maxOutputTokens } = profile
  if (contextTokens !== undefined && maxOutputTokens !== undefined && maxOutputTokens >= contextTokens)
    throw configInvalid(
      { file, line: values.get('max_output_tokens')?.line ?? line, key: `${PROFILES}.${name}.max_output_tokens` },
      `an answer of ${maxOutputTokens} tokens leaves no room in context_tokens, which is ${contextTokens}`,
    )
  return { profile, sources }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [_ in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [_ in Name]?: Value })
}
