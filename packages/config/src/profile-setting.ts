import * as z from 'zod'
import type { ValueFacts } from './setting.js'

/**
 * What a profile of a language model may say: the keys of a table `[llm_profiles.NAME]`. As with settings, everything
 * comes from the table below; but there are as many profiles as somebody writes, and variables cannot set them.
 */

export type ProfileField = keyof typeof table
export type ProfileValues = { readonly [Field in ProfileField]: z.output<(typeof table)[Field]['schema']> }

export interface ProfileFieldFacts extends ValueFacts {
  readonly field: ProfileField
  /** What it is when it is not given, in words. */
  readonly otherwise: string
}

/** A profile as it was set. What is undefined follows from the provider and the model. */
export interface ProfileSettings {
  readonly name: string
  readonly provider: ProfileValues['provider']
  readonly model: string
  readonly baseUrl?: string
  /** null: the provider is asked without a key. */
  readonly apiKeyEnv?: string | null
  readonly contextTokens?: number
  readonly maxOutputTokens?: number
  readonly tokenizer?: ProfileValues['tokenizer']
  readonly pricePerMillion?: { readonly input: number; readonly cachedInput?: number; readonly output: number }
}

/** `profile/model` names a model, so a name has no slash. */
export const profileName = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/
export const profileNameInWords = 'at most 64 letters, digits, "-" and "_"'

const price = z.number().min(0).max(1_000_000)
const priceInWords = 'a number from 0 to 1,000,000'

const table = {
  provider: {
    schema: z.enum(['anthropic', 'openai', 'openai-compatible', 'ollama', 'offline']),
    expects: '"anthropic", "openai", "openai-compatible", "ollama" or "offline"',
    otherwise: 'has to be given',
    meaning: 'Whose format is spoken, and where.',
  },
  model: {
    schema: z.string().regex(/^\S(.*\S)?$/),
    expects: 'the name of a model',
    otherwise: 'has to be given, except for `offline`',
    meaning: 'What the provider calls the model.',
  },
  base_url: {
    // A password or a key in an address would be shown with it.
    schema: z.string().regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#@]*)?$/),
    expects: 'an address that begins with http:// or https://, without user, password and "?"',
    otherwise: 'that of the provider; has to be given for `openai-compatible`',
    meaning: 'Where the API begins, with its version: `http://127.0.0.1:8080/v1`.',
  },
  api_key_env: {
    schema: z.string().regex(/^([A-Z_][A-Z0-9_]{0,127})?$/),
    expects: 'the name of a variable in capitals, never the key itself, or "" for none',
    isPrivate: true,
    otherwise: '`ANTHROPIC_API_KEY`, `OPENAI_API_KEY`, none for the others',
    meaning: 'The variable that holds the key.',
  },
  context_tokens: {
    schema: z.int().min(512).max(100_000_000),
    expects: 'a whole number from 512 to 100,000,000',
    unit: 'tokens',
    otherwise: 'what is known of the model; 4,096 for `ollama`, 32,768 for what is not known',
    meaning: 'What is sent and what is answered fit into this together.',
  },
  max_output_tokens: {
    schema: z.int().min(1).max(10_000_000),
    expects: 'a whole number from 1 to 10,000,000',
    unit: 'tokens',
    otherwise: 'what suits the model, at most a quarter of the context',
    meaning: 'How long an answer may be.',
  },
  tokenizer: {
    schema: z.enum(['o200k_base', 'cl100k_base', 'estimate']),
    expects: '"o200k_base", "cl100k_base" or "estimate"',
    otherwise: 'exact for `openai`, an estimate for the others',
    meaning: 'How tokens are counted before something is sent.',
  },
  price_input_per_million: {
    schema: price,
    expects: priceInWords,
    otherwise: 'costs are not told',
    meaning: 'What a million tokens of input costs, in US dollars.',
  },
  price_cached_input_per_million: {
    schema: price,
    expects: priceInWords,
    otherwise: 'as other input',
    meaning: "What a million tokens of input costs that came out of the provider's cache, in US dollars.",
  },
  price_output_per_million: {
    schema: price,
    expects: priceInWords,
    otherwise: 'costs are not told',
    meaning: 'What a million tokens of answers costs, in US dollars.',
  },
} as const satisfies Record<string, Omit<ProfileFieldFacts, 'field'>>

const facts: Readonly<Record<ProfileField, Omit<ProfileFieldFacts, 'field'>>> = table

export const profileFields: readonly ProfileFieldFacts[] = (Object.keys(table) as ProfileField[]).map((field) => ({
  field,
  ...facts[field],
}))

/** The second table of docs/configuration.md. */
export function profileFieldsTable(): string {
  const rows = profileFields.map(({ field, otherwise, expects, unit, meaning }) => {
    const value = unit === undefined ? expects : `${expects}, in ${unit}`
    return `| \`${field}\` | ${otherwise} | ${value} | ${meaning} |`
  })
  return ['| Key | Otherwise | Value | Meaning |', '|---|---|---|---|', ...rows].join('\n')
}
