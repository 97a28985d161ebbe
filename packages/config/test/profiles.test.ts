import { loadSettings, type SettingsInput } from '@arawn/config/load-settings'
import { hasCode, type WorkstreamError } from '@arawn/core/error'
import { describe, expect, it } from 'vitest'

const withFile = (text: string): SettingsInput => ({
  env: {},
  cwd: '/here',
  homeDir: '/home/ada',
  readFile: (path) => (path === '/here/arawn.toml' ? text : undefined),
})

function refusal(text: string): WorkstreamError<'CONFIG_INVALID'> {
  try {
    loadSettings(withFile(text))
  } catch (error) {
    if (hasCode(error, 'CONFIG_INVALID')) return error
    throw error
  }
  throw new Error('it was accepted')
}

const two = `
[llm_profiles.fast]
provider = "ollama"
model = "llama3.2"
context_tokens = 16_384

[llm_profiles.best]
provider = "openai-compatible"
model = "meta/llama-4"
base_url = "http://10.0.0.5:8080/v1"
api_key_env = "WORK_KEY"
context_tokens = 131072
max_output_tokens = 4096
tokenizer = "estimate"
price_input_per_million = 0.5
price_cached_input_per_million = 0.05
price_output_per_million = 2
`

describe('profiles of language models', () => {
  it('are read in the order of the file', () => {
    expect(loadSettings(withFile(two)).llm.profiles).toEqual([
      { name: 'fast', provider: 'ollama', model: 'llama3.2', contextTokens: 16_384 },
      {
        name: 'best',
        provider: 'openai-compatible',
        model: 'meta/llama-4',
        baseUrl: 'http://10.0.0.5:8080/v1',
        apiKeyEnv: 'WORK_KEY',
        contextTokens: 131_072,
        maxOutputTokens: 4_096,
        tokenizer: 'estimate',
        pricePerMillion: { input: 0.5, cachedInput: 0.05, output: 2 },
      },
    ])
  })

  it('are shown with the line that sets each value', () => {
    const { sources } = loadSettings(withFile(two))
    expect(sources.filter(({ key }) => key.startsWith('llm_profiles.fast.'))).toEqual([
      { key: 'llm_profiles.fast.provider', value: 'ollama', source: 'file', origin: '/here/arawn.toml:3' },
      { key: 'llm_profiles.fast.model', value: 'llama3.2', source: 'file', origin: '/here/arawn.toml:4' },
      { key: 'llm_profiles.fast.context_tokens', value: 16_384, source: 'file', origin: '/here/arawn.toml:5' },
    ])
  })

  it('may be written in any way that TOML has', () => {
    const text = 'llm_profiles.fast = { provider = "openai", model = "gpt-5" }\n'
    expect(loadSettings(withFile(text)).llm.profiles).toEqual([{ name: 'fast', provider: 'openai', model: 'gpt-5' }])
  })

  it('ask without a key when its variable is ""', () => {
    const text = '[llm_profiles.local]\nprovider = "openai"\nmodel = "x"\napi_key_env = ""\n'
    expect(loadSettings(withFile(text)).llm.profiles[0]?.apiKeyEnv).toBeNull()
  })

  it('need no model when they are offline', () => {
    const text = '[llm_profiles.none]\nprovider = "offline"\n'
    expect(loadSettings(withFile(text)).llm.profiles).toEqual([{ name: 'none', provider: 'offline', model: 'offline' }])
  })

  it.each([
    ['provider = "openia"\nmodel = "x"', 'provider', 2, '"openai"'],
    ['provider = "openai"\nmodell = "x"', 'modell', 3, 'model'],
    ['provider = "openai"\nmodel = ""', 'model', 3, null],
    ['provider = "openai"\nmodel = "x"\ncontext_tokens = "9000"', 'context_tokens', 4, '9000'],
    ['provider = "openai"\nmodel = "x"\nmax_output_tokens = 0', 'max_output_tokens', 4, null],
    ['provider = "openai"\nmodel = "x"\ntokenizer = "o200kbase"', 'tokenizer', 4, '"o200k_base"'],
    ['provider = "openai"\nmodel = "x"\nbase_url = "localhost:8080"', 'base_url', 4, null],
    ['provider = "openai"\nmodel = "x"\nbase_url = "http://ada:secret@host/v1"', 'base_url', 4, null],
    ['provider = "openai"\nmodel = "x"\nprice_input_per_million = -1', 'price_input_per_million', 4, null],
  ])('are refused with key, line and suggestion: %s', (lines, field, line, suggestion) => {
    expect(refusal(`[llm_profiles.fast]\n${lines}\n`).details).toMatchObject({
      file: '/here/arawn.toml',
      key: `llm_profiles.fast.${field}`,
      line,
      suggestion,
    })
  })

  it.each([
    ['model = "x"', /provider is missing/],
    ['provider = "openai"', /model is missing/],
    ['provider = "openai-compatible"\nmodel = "x"', /base_url is missing, which "openai-compatible" needs/],
    ['provider = "openai"\nmodel = "x"\nprice_input_per_million = 1', /price_output_per_million is missing/],
    ['provider = "openai"\nmodel = "x"\ncontext_tokens = 1000\nmax_output_tokens = 1000', /leaves no room/],
  ])('are refused when something is missing: %s', (lines, message) => {
    expect(refusal(`\n[llm_profiles.fast]\n${lines}\n`).message).toMatch(message)
  })

  it.each([
    ['llm_profiles = 3', 'llm_profiles', 1],
    ['[llm_profiles]\nfast = "gpt-5"', 'llm_profiles.fast', 2],
    ['[llm_profiles."my/model"]\nprovider = "offline"', 'llm_profiles.my/model', 1],
    ['[llm_profiles.""]\nprovider = "offline"', 'llm_profiles.', 1],
  ])('are tables with a plain name: %s', (text, key, line) => {
    expect(refusal(`${text}\n`).details).toMatchObject({ key, line })
  })

  it('are meant by a table whose name is nearly theirs', () => {
    const text = '[llm_profile.fast]\nprovider = "openai"\n'
    expect(refusal(text).details).toMatchObject({ key: 'llm_profile', suggestion: 'llm_profiles' })
  })

  it('never show a key that somebody wrote where its variable belongs', () => {
    for (const field of ['api_key_env', 'api_key', 'key']) {
      const error = refusal(`[llm_profiles.fast]\nprovider = "openai"\nmodel = "x"\n${field} = "sk-Very-Secret1"\n`)
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('Secret1')
      expect(error.details.line).toBe(4)
    }
  })
})

describe('variables of language models', () => {
  it('must be known, as all that begin with ARAWN_LLM_', () => {
    const input = { ...withFile(''), env: { ARAWN_LLM_DEFAULT_PROFIL: 'fast' } }
    expect(() => loadSettings(input)).toThrow('did you mean ARAWN_LLM_DEFAULT_PROFILE?')
  })
})
