import type { LlmProfile } from '@arawn/llm/llm-profile'
import { openLanguageModels } from '@arawn/llm/open-language-models'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { describe, expect, it } from 'vitest'
import { askOllama } from '../src/registry/ask-ollama.js'
import { eventsOf, failureOf } from './collect.js'

const best: LlmProfile = { name: 'best', provider: 'anthropic', model: 'claude-opus-5', contextTokens: 50_000 }
const local: LlmProfile = { name: 'local', provider: 'ollama', model: 'llama3.2' }
const none = async () => []

function open(
  env: Record<string, string>,
  { profiles = [], defaultProfile = null, findOllama = none }: Partial<Parameters<typeof openLanguageModels>[0]> = {},
) {
  return openLanguageModels({ profiles, defaultProfile, env, findOllama })
}

describe('the default', () => {
  it.each([
    [{ ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'b' }, 'anthropic'],
    [{ OPENAI_API_KEY: 'b' }, 'openai'],
    [{ OPENAI_API_KEY: '' }, 'offline'],
    [{}, 'offline'],
  ])('without settings is what has a key: %o', async (env, profile) => {
    expect((await open(env).open(null)).profile).toBe(profile)
    expect((await open(env).list())[0]).toMatchObject({ profile, isDefault: true, problem: null })
  })

  it('is a local Ollama when there is no key, with the model that it used last', async () => {
    const findOllama = async () => ['qwen3:8b', 'llama3.2:latest']
    expect(await open({}, { findOllama }).open(null)).toMatchObject({ profile: 'ollama', model: 'qwen3:8b' })
    expect(await open({}, { findOllama }).open('ollama')).toMatchObject({ profile: 'ollama', model: 'qwen3:8b' })
  })

  it('asks Ollama only when a model is opened that may need it', async () => {
    let asked = 0
    const findOllama = async () => {
      asked += 1
      return []
    }
    const models = open({ OPENAI_API_KEY: 'b' }, { findOllama })
    await models.list()
    await models.open(null)
    await models.open('offline')
    await open({}, { findOllama }).list()
    expect(asked).toBe(0)
  })

  it('is the first profile of the settings, or the one that they name', async () => {
    const env = { ANTHROPIC_API_KEY: 'a' }
    const profiles = [local, best]
    expect((await open(env, { profiles }).open(null)).profile).toBe('local')
    expect((await open(env, { profiles, defaultProfile: 'best' }).open(null)).model).toBe('claude-opus-5')
    expect(await open(env, { profiles, defaultProfile: 'best/claude-haiku-5-5' }).open(null)).toMatchObject({
      profile: 'best',
      model: 'claude-haiku-5-5',
    })
  })
})

describe('a name', () => {
  it('is a profile, or a profile and another model of its provider, which may have slashes of its own', async () => {
    const profiles = [{ ...local, provider: 'openai-compatible' as const, baseUrl: 'http://127.0.0.1:1/v1' }]
    const models = open({}, { profiles })
    expect((await models.open('local')).model).toBe('llama3.2')
    expect(await models.open('local/meta/llama-4')).toMatchObject({ profile: 'local', model: 'meta/llama-4' })
  })

  it('with another model does not take over what was set for the first', async () => {
    const models = open({ ANTHROPIC_API_KEY: 'a' }, { profiles: [best] })
    expect((await models.open('best')).windowTokens).toBe(50_000)
    expect((await models.open('best/claude-haiku-5-5')).windowTokens).toBe(200_000)
    expect((await models.open('best/claude-opus-5')).windowTokens).toBe(50_000)
  })

  it('that nobody has is an error with what may have been meant', async () => {
    const models = open({ ANTHROPIC_API_KEY: 'a' }, { profiles: [best, local] })
    const cases: [string, string[]][] = [
      ['bset', ['best']],
      ['lokal/llama3.2', ['local']],
      ['llama3.2', ['local', 'ollama']],
      ['anthropc', ['anthropic']],
      ['best/', ['best']],
      ['', []],
      ['zzzzzzzzzz', []],
    ]
    for (const [profile, suggestions] of cases)
      expect(await failureOf(models.open(profile)), profile).toMatchObject({
        code: 'MODEL_PROFILE_UNKNOWN',
        details: { profile, suggestions },
      })
  })

  it('of a provider without its key is an error that names the variable', async () => {
    const profiles = [{ ...best, apiKeyEnv: 'WORK_KEY' }]
    expect(await failureOf(open({}, { profiles }).open('best'))).toMatchObject({
      code: 'MODEL_KEY_MISSING',
      details: { profile: 'best', variable: 'WORK_KEY' },
    })
    expect(await failureOf(open({}).open('openai/gpt-5'))).toMatchObject({ details: { variable: 'OPENAI_API_KEY' } })
  })
})

describe('the list', () => {
  it('has all that can be named, the default first, and what is missing', async () => {
    const list = await open({ OPENAI_API_KEY: 'b' }, { profiles: [best, local], defaultProfile: 'local' }).list()
    expect(list.map(({ profile, isDefault, problem }) => [profile, isDefault, problem])).toEqual([
      ['local', true, null],
      ['best', false, 'ANTHROPIC_API_KEY is not set'],
      ['anthropic', false, 'ANTHROPIC_API_KEY is not set'],
      ['openai', false, null],
      ['ollama', false, null],
      ['offline', false, null],
    ])
  })

  it('has a profile of the settings instead of the one that is always there', async () => {
    const list = await open({}, { profiles: [{ ...local, name: 'ollama', model: 'mine' }] }).list()
    expect(list.filter(({ profile }) => profile === 'ollama')).toMatchObject([{ model: 'mine' }])
  })
})

describe('a default that is not there', () => {
  it('is an error when it is opened, and no part of the list', async () => {
    const models = open({}, { profiles: [local], defaultProfile: 'lokal' })
    expect(await failureOf(models.open(null))).toMatchObject({
      code: 'MODEL_PROFILE_UNKNOWN',
      details: { profile: 'lokal', suggestions: ['local'] },
    })
    expect((await models.list()).some(({ isDefault }) => isDefault)).toBe(false)
  })
})

describe('a window', () => {
  const windowOf = async (profile: Omit<LlmProfile, 'name'>) => {
    const { windowTokens, maxOutputTokens } = await open(
      { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'b' },
      { profiles: [{ name: 'p', ...profile }] },
    ).open('p')
    return [windowTokens, maxOutputTokens]
  }

  it('is what is known of the model, or what the profile says', async () => {
    expect(await windowOf({ provider: 'anthropic', model: 'claude-sonnet-5' })).toEqual([200_000, 8_192])
    expect(await windowOf({ provider: 'openai', model: 'gpt-4o-mini' })).toEqual([128_000, 4_096])
    expect(await windowOf({ provider: 'ollama', model: 'gpt-oss' })).toEqual([4_096, 1_024])
    expect(await windowOf({ provider: 'ollama', model: 'x', contextTokens: 40_000 })).toEqual([40_000, 1_024])
    expect(await windowOf({ provider: 'openai', model: 'gpt-5', contextTokens: 4_000 })).toEqual([4_000, 1_000])
    expect(await windowOf({ provider: 'openai', model: 'gpt-5', maxOutputTokens: 9 })).toEqual([272_000, 9])
  })
})

describe('an address', () => {
  it('of the environment is used where a profile has none, also as the programs of Anthropic write it', async () => {
    const server = await startScriptedProvider([{ text: ['Hi.'] }])
    const env = {
      ANTHROPIC_API_KEY: 'a',
      ANTHROPIC_BASE_URL: `${server.origin}/`,
      OPENAI_API_KEY: 'b',
      OPENAI_BASE_URL: `${server.baseUrl}/`,
    }
    for (const name of ['anthropic', 'openai']) await eventsOf(await open(env).open(name))
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/messages', '/v1/chat/completions'])
    await server.close()
  })
})

describe('looking for Ollama', () => {
  const answering = (body: string) => async () => new Response(body)

  it('finds its models, without those that only make vectors', async () => {
    const body = JSON.stringify({ models: [{ name: 'nomic-embed-text' }, { name: 'qwen3:8b' }, { name: 'llama3.2' }] })
    expect(await askOllama('http://127.0.0.1:11434', answering(body))).toEqual(['qwen3:8b', 'llama3.2'])
  })

  it.each(['', '{}', '[]', '{"models": 3}', '<html>'])('finds none in %j', async (body) => {
    expect(await askOllama('http://127.0.0.1:11434', answering(body))).toEqual([])
  })

  it('finds none where nobody listens, or does not answer in time', async () => {
    const server = await startScriptedProvider([])
    await server.close()
    expect(await askOllama(server.origin)).toEqual([])
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('late'))))
    expect(await askOllama('http://127.0.0.1:11434', never)).toEqual([])
  })
})
