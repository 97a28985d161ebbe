import { inspect } from 'node:util'
import { openLanguageModels } from '@arawn/llm/open-language-models'
import type { ProviderAnswer, RefusalKind } from '@arawn/testkit/provider-answer'
import { createRecordingLogger } from '@arawn/testkit/recording-logger'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { describe, expect, it, vi } from 'vitest'
import { eventsOf, failureOf, hello, openScripted } from './collect.js'

const key = 'sk-live-0123456789'
const said = 'the words of a conversation'

/** All that a program could print of a value. */
function printed(value: unknown): string {
  const own = inspect(value, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null })
  return `${own}\n${String(value)}\n${value instanceof Error ? value.stack : ''}\n${JSON.stringify(value)}`
}

const kinds: RefusalKind[] = [
  'bad_key',
  'forbidden',
  'no_model',
  'overflow',
  'policy',
  'rate_limit',
  'no_quota',
  'failed',
  'overloaded',
  'not_json',
]
const answers: readonly ProviderAnswer[] = [
  ...kinds.map((refuses) => ({ refuses, says: ` You sent ${key} and: ${said}.` })),
  ...(['reset', 'closed', 'malformed', 'error', 'silence'] as const).map((ending) => ({ text: ['one '], ending })),
]

/** Only silence is waited out. */
function impatience(answer: ProviderAnswer): { idleTimeoutMs?: number } {
  return 'ending' in answer && answer.ending === 'silence' ? { idleTimeoutMs: 500 } : {}
}

describe.each(['openai', 'anthropic', 'openai-compatible', 'ollama'] as const)('%s', (provider) => {
  it('sends the key to the provider, and nobody else hears of it', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    const logger = createRecordingLogger()
    for (const answer of answers) {
      const { model, server } = await openScripted(provider, [answer], { logger, ...impatience(answer) })
      const request = { ...hello, messages: [{ role: 'user' as const, content: said }] }
      const failure = await failureOf(eventsOf(model, request))
      expect(JSON.stringify(server.requests[0]?.headers)).toContain(key)
      expect(printed(failure)).not.toContain(key)
      expect(printed(model)).not.toContain(key)
      // The SDK's errors hold the whole request; none of them may come along.
      expect(failure.cause).toBeUndefined()
      await server.close()
    }
    expect(printed(logger.lines)).not.toContain(key)
    expect(printed(logger.lines)).not.toContain(said)
    for (const spy of spies) {
      expect(spy.mock.calls).toEqual([])
      spy.mockRestore()
    }
  })
})

describe('a key', () => {
  const withKey = (value: string) =>
    openLanguageModels({
      profiles: [{ name: 'work', provider: 'openai', model: 'x', baseUrl: 'http://127.0.0.1:1/v1', apiKeyEnv: 'K' }],
      defaultProfile: null,
      env: { K: value },
    })

  it('that cannot be sent is refused without being repeated', async () => {
    for (const value of ['sk-one\nsk-two', 'sk-ä', 'sk two']) {
      const failure = await failureOf(withKey(value).open(null))
      expect(failure).toMatchObject({ code: 'MODEL_AUTH', details: { profile: 'work', status: null } })
      expect(printed(failure)).not.toContain(value)
    }
  })

  it('may have a line end behind it, as in a file', async () => {
    const server = await startScriptedProvider([{ text: ['Hi.'] }])
    const models = openLanguageModels({
      profiles: [{ name: 'work', provider: 'openai', model: 'x', baseUrl: server.baseUrl, apiKeyEnv: 'K' }],
      defaultProfile: null,
      env: { K: ' sk-1\r\n' },
    })
    await eventsOf(await models.open(null))
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-1')
    await server.close()
  })

  it('is not in the list of profiles', async () => {
    expect(printed(await withKey(key).list())).not.toContain(key)
  })

  it('is not taken from the environment of the process, nor is an address', async () => {
    const server = await startScriptedProvider([{ text: ['Hi.'] }])
    vi.stubEnv('OPENAI_API_KEY', key)
    vi.stubEnv('ANTHROPIC_API_KEY', key)
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', key)
    try {
      for (const provider of ['openai', 'anthropic', 'openai-compatible'] as const) {
        const models = openLanguageModels({
          profiles: [{ name: 'p', provider, model: 'x', baseUrl: server.baseUrl, apiKeyEnv: null }],
          defaultProfile: null,
          env: {},
        })
        await eventsOf(await models.open(null))
      }
      expect(JSON.stringify(server.requests)).not.toContain(key)
    } finally {
      vi.unstubAllEnvs()
      await server.close()
    }
  })
})
