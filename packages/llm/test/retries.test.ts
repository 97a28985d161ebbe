import type { WorkstreamError } from '@arawn/core/error'
import { openLanguageModels } from '@arawn/llm/open-language-models'
import type { ProviderAnswer } from '@arawn/testkit/provider-answer'
import { createRecordingLogger } from '@arawn/testkit/recording-logger'
import type { ScriptedProvider } from '@arawn/testkit/scripted-provider'
import { afterEach, describe, expect, it } from 'vitest'
import { retryAfterMs } from '../src/adapter/retry-after.js'
import { delayBeforeNext, usualRetries } from '../src/adapter/retry-policy.js'
import { eventsOf, failureOf, hello, openScripted } from './collect.js'

const fine: ProviderAnswer = { text: ['Fine.'] }
let open: ScriptedProvider | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

describe.each(['openai', 'anthropic', 'openai-compatible'] as const)('a call of %s', (provider) => {
  const start = async (...answers: ProviderAnswer[]) => {
    const opened = await openScripted(provider, answers)
    open = opened.server
    return opened
  }

  it.each(['failed', 'overloaded', 'not_json', 'rate_limit'] as const)(
    'is made again when the provider says %s before anything else',
    async (refuses) => {
      const { model, server, waits } = await start({ refuses }, { refuses }, fine)
      expect((await eventsOf(model))[0]).toEqual({ type: 'text', text: 'Fine.' })
      expect(server.requests).toHaveLength(3)
      expect(waits).toEqual([500, 1000])
    },
  )

  it('is made again when the connection is cut before anything came', async () => {
    const { model, server } = await start({ ending: 'reset' }, { ending: 'closed' }, fine)
    expect((await eventsOf(model))[0]).toEqual({ type: 'text', text: 'Fine.' })
    expect(server.requests).toHaveLength(3)
  })

  it('is made again when an error comes in the stream before anything else', async () => {
    const { model, server } = await start({ ending: 'error' }, fine)
    expect((await eventsOf(model))[0]).toEqual({ type: 'text', text: 'Fine.' })
    expect(server.requests).toHaveLength(2)
  })

  it('is made four times at most', async () => {
    const { model, server, waits } = await start({ refuses: 'failed' })
    const failure = await failureOf(eventsOf(model))
    expect(failure).toMatchObject({ code: 'MODEL_FAILED', details: { profile: 'work', status: 500 } })
    expect(server.requests).toHaveLength(4)
    expect(waits).toEqual([500, 1000, 2000])
  })

  it.each(['bad_key', 'no_model', 'overflow', 'policy', 'no_quota'] as const)(
    'is not made again for %s',
    async (refuses) => {
      const { model, server } = await start({ refuses })
      await failureOf(eventsOf(model))
      expect(server.requests).toHaveLength(1)
    },
  )

  it.each(['reset', 'closed', 'error', 'malformed'] as const)(
    'is not made again once something came: %s',
    async (ending) => {
      const { model, server } = await start({ text: ['one '], ending })
      await failureOf(eventsOf(model))
      expect(server.requests).toHaveLength(1)
    },
  )

  it('uses connections of those before', async () => {
    const { model, server } = await start(fine)
    for (let call = 0; call < 6; call++) await eventsOf(model)
    // fetch itself opens a second one when a call follows at once.
    expect(server.openedConnections()).toBeLessThanOrEqual(2)
  })

  it('waits as long as the provider asks to', async () => {
    const { model, waits } = await start({ refuses: 'rate_limit', retryAfter: '7' }, fine)
    await eventsOf(model)
    expect(waits).toEqual([7000])
  })

  it('does not wait for long: it says when to come back', async () => {
    const { model, server } = await start({ refuses: 'rate_limit', retryAfter: '3600' })
    const failure = (await failureOf(eventsOf(model))) as WorkstreamError<'MODEL_RATE_LIMITED'>
    expect(failure).toMatchObject({ code: 'MODEL_RATE_LIMITED', details: { retryAfterMs: 3_600_000 } })
    expect(server.requests).toHaveLength(1)
  })

  it('gives up waiting when it is stopped', async () => {
    const stopping = new AbortController()
    const { model, server } = await openScripted(provider, [{ refuses: 'failed' }], {
      retryTools: { sleep: async () => stopping.abort(), random: () => 1 },
    })
    open = server
    expect((await failureOf(eventsOf(model, { ...hello, signal: stopping.signal }))).code).toBe('MODEL_ABORTED')
    expect(server.requests).toHaveLength(1)
  })
})

describe('a provider', () => {
  it('that is not there is unreachable, after some tries', async () => {
    const logger = createRecordingLogger()
    const { server } = await openScripted('openai', [fine])
    await server.close()
    const {
      model,
      waits,
      server: other,
    } = await openScripted('openai', [fine], {
      profiles: [{ name: 'gone', provider: 'openai', model: 'x', baseUrl: server.baseUrl, apiKeyEnv: null }],
      logger,
    })
    open = other
    expect(await failureOf(eventsOf(model))).toMatchObject({
      code: 'MODEL_UNREACHABLE',
      details: { profile: 'gone', errno: 'ECONNREFUSED' },
    })
    expect(waits).toHaveLength(3)
    expect(logger.lines.map(({ facts }) => facts.code)).toEqual(Array(3).fill('MODEL_UNREACHABLE'))
  })

  it('that falls silent is given up, and its answer is closed', async () => {
    const { model, server } = await openScripted('anthropic', [{ text: ['one '], ending: 'silence' }], {
      idleTimeoutMs: 500,
    })
    open = server
    expect(await failureOf(eventsOf(model))).toMatchObject({
      code: 'MODEL_UNREACHABLE',
      details: { errno: 'IDLE_TIMEOUT' },
    })
    await expect.poll(() => server.openAnswers()).toBe(0)
  })

  it('that never answers is given up without another try', async () => {
    const { model, server } = await openScripted('openai', () => new Promise(() => {}), { idleTimeoutMs: 500 })
    open = server
    expect((await failureOf(eventsOf(model))).details).toMatchObject({ errno: 'IDLE_TIMEOUT' })
    expect(server.requests).toHaveLength(1)
  })

  it('may be slow, as long as it says something; the time of the reader does not count', async () => {
    const text = Array.from({ length: 8 }, () => 'drip ')
    const { model, server } = await openScripted('openai-compatible', [{ text, pauseMs: 40 }], { idleTimeoutMs: 500 })
    open = server
    let events = 0
    for await (const _ of model.stream(hello)) {
      events += 1
      if (events === 2) await new Promise((resolve) => setTimeout(resolve, 800))
    }
    expect(events).toBe(9)
  })

  it('hears nothing more when it is stopped or nobody reads on', async () => {
    const { model, server } = await openScripted('openai', [{ text: ['one ', 'two '], ending: 'silence' }])
    open = server
    for await (const _ of model.stream(hello)) break
    await expect.poll(() => server.openAnswers()).toBe(0)
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(), 50)
    const failure = await failureOf(eventsOf(model, { ...hello, signal: stopping.signal }))
    expect(failure.code).toBe('MODEL_ABORTED')
    await expect.poll(() => server.openAnswers()).toBe(0)
  })

  it('that has nothing at the address is no missing model', async () => {
    const { model, server } = await openScripted('openai', [fine])
    open = server
    const models = openLanguageModels({
      profiles: [{ name: 'work', provider: 'openai', model: 'x', baseUrl: `${server.origin}/v2`, apiKeyEnv: null }],
      defaultProfile: null,
      env: {},
    })
    expect(await failureOf(eventsOf(await models.open(null)))).toMatchObject({
      code: 'MODEL_FAILED',
      details: { status: 404 },
    })
    expect(model.profile).toBe('work')
  })
})

describe('the delay before another try', () => {
  it('doubles, by half by chance, up to a limit', () => {
    const policy = { ...usualRetries, tries: 20 }
    const delays = (random: number) =>
      [1, 2, 3, 9].map((failures) => delayBeforeNext(policy, failures, null, () => random))
    expect(delays(0)).toEqual([250, 500, 1000, 10_000])
    expect(delays(1)).toEqual([500, 1000, 2000, 20_000])
  })

  it('is at least what the provider asks for', () => {
    expect(delayBeforeNext(usualRetries, 1, 9000, () => 0)).toBe(9000)
    expect(delayBeforeNext(usualRetries, 1, 10, () => 0)).toBe(250)
    expect(delayBeforeNext(usualRetries, 1, 20_001, () => 0)).toBeNull()
  })

  it('is read from seconds, from a date, and from milliseconds', () => {
    const now = Date.UTC(2026, 0, 15, 10)
    expect(retryAfterMs({ 'retry-after': '1.5' }, now)).toBe(1500)
    expect(retryAfterMs({ 'retry-after': 'Thu, 15 Jan 2026 10:00:20 GMT' }, now)).toBe(20_000)
    expect(retryAfterMs({ 'retry-after': 'Thu, 15 Jan 2026 09:00:00 GMT' }, now)).toBe(0)
    expect(retryAfterMs({ 'retry-after': '2', 'retry-after-ms': '1250' }, now)).toBe(1250)
    expect(retryAfterMs({ 'retry-after': 'soon' }, now)).toBeNull()
    expect(retryAfterMs(undefined, now)).toBeNull()
  })
})
