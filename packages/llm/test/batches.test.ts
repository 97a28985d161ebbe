import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import type { ModelRequest } from '@arawn/core/language-model'
import type { BatchRequest, CollectedBatch, ModelBatches } from '@arawn/core/model-batches'
import type { LanguageModelsInput } from '@arawn/llm/open-language-models'
import { createRecordingLogger } from '@arawn/testkit/recording-logger'
import { type BatchScript, type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { afterEach, describe, expect, it } from 'vitest'
import { eventsOf, failureOf, hello, openScripted } from './collect.js'

const key = 'sk-live-0123456789'

const asking = (content: string): ModelRequest => ({
  system: 'Be brief.',
  messages: [{ role: 'user', content }],
  maxOutputTokens: 77,
})
const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const ducks: BatchRequest = { id: idOf('ducks'), request: asking('How many ducks?') }
const geese: BatchRequest = { id: idOf('geese'), request: asking('How many geese?') }

const servers: ScriptedProvider[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function open(script: BatchScript = {}, more: Partial<LanguageModelsInput> = {}) {
  const opened = await openScripted('anthropic', [{ text: ['Three', '.'] }], more, script)
  servers.push(opened.server)
  const { batches } = opened.model
  if (batches === undefined) throw new Error('the model has no batches')
  return { ...opened, batches }
}

async function answersOf(batches: ModelBatches): Promise<Extract<CollectedBatch, { state: 'ended' }>['answers']> {
  const collected = await batches.collect('msgbatch_1')
  if (collected.state !== 'ended') throw new Error(`the batch is ${collected.state}`)
  return collected.answers
}

describe('a batch', () => {
  it('is sent as what the same requests would be one by one, each under its id', async () => {
    const { model, server, batches } = await open()
    expect(await batches.submit([ducks, geese])).toEqual({
      batchId: 'msgbatch_1',
      expiresAtMs: Date.parse('2099-01-16T10:00:00Z'),
    })
    await eventsOf(model, ducks.request)
    const { stream, ...alone } = server.requests[0]?.body ?? {}
    expect(stream).toBe(true)
    expect(server.batches[0]?.requests).toEqual([
      { custom_id: ducks.id, params: alone },
      {
        custom_id: geese.id,
        params: { ...alone, messages: [{ role: 'user', content: [{ type: 'text', text: 'How many geese?' }] }] },
      },
    ])
    expect(alone).toMatchObject({ model: 'a-model', max_tokens: 77, system: [{ text: 'Be brief.' }] })
    const [submitted] = server.batchCalls
    expect(submitted).toMatchObject({
      method: 'POST',
      path: '/v1/messages/batches',
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    })
    expect(submitted?.headers['anthropic-version']).toBe(server.requests[0]?.headers['anthropic-version'])
  })

  it('that does not say when it expires may last as long as it likes', async () => {
    const { batches } = await open({ expiresAt: null })
    expect(await batches.submit([ducks])).toMatchObject({ expiresAtMs: null })
  })

  it('runs until all of its requests are over, then has the answers of those that succeeded', async () => {
    const { server, batches } = await open({
      isRunning: (look) => look < 3,
      answer: (_, position) =>
        position === 0
          ? {
              text: ['Three', '.'],
              reason: 'length',
              usage: { input_tokens: 20, cached_input_tokens: 8, output_tokens: 2 },
            }
          : 'errored',
    })
    await batches.submit([ducks, geese])
    expect(await batches.collect('msgbatch_1')).toEqual({ state: 'running' })
    expect(await batches.collect('msgbatch_1')).toEqual({ state: 'running' })
    expect(await answersOf(batches)).toEqual(
      new Map([
        [
          ducks.id,
          { text: 'Three.', reason: 'length', usage: { input_tokens: 20, cached_input_tokens: 8, output_tokens: 2 } },
        ],
      ]),
    )
    expect(server.batchCalls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/messages/batches',
      'GET /v1/messages/batches/msgbatch_1',
      'GET /v1/messages/batches/msgbatch_1',
      'GET /v1/messages/batches/msgbatch_1',
      'GET /v1/messages/batches/msgbatch_1/results',
    ])
    expect(server.batchCalls.at(-1)?.headers['x-api-key']).toBe(key)
  })

  it.each([
    'errored',
    'canceled',
    'expired',
    { status: 200, body: '{"custom_id": "cut in the mid' },
    { status: 200, body: JSON.stringify({ custom_id: geese.id, result: { type: 'of another day' } }) },
    { status: 200, body: '' },
  ] as const)('has no answer for a request whose line is %j; the others stay good', async (bad) => {
    const { batches } = await open({ answer: (_, position) => (position === 1 ? bad : { text: ['Three.'] }) })
    await batches.submit([ducks, geese])
    expect([...(await answersOf(batches)).keys()]).toEqual([ducks.id])
  })

  it.each([
    ['the provider does not know it', {}],
    ['its results were deleted', { resultsUrl: () => null }],
    [
      'they are deleted between two calls',
      { refuse: (call) => (call === 'results' ? { refuses: 'no_model' } : undefined) },
    ],
  ] satisfies [string, BatchScript][])('is gone when %s', async (_, script) => {
    const { batches } = await open(script)
    if (Object.keys(script).length > 0) await batches.submit([ducks])
    expect(await batches.collect('msgbatch_1')).toEqual({ state: 'gone' })
  })

  it('with a name that no provider gives is gone, and nobody is asked', async () => {
    const { server, batches } = await open()
    for (const name of ['..', 'a/../../secret', 'a?b', ''])
      expect(await batches.collect(name)).toEqual({ state: 'gone' })
    expect(server.batchCalls).toEqual([])
  })

  it('is read as far as results of any size go, across pieces', async () => {
    const long = 'é🦆 '.repeat(100_000)
    const { batches } = await open({ answer: () => ({ text: [long] }) })
    await batches.submit([ducks, geese])
    expect([...(await answersOf(batches)).values()].map(({ text }) => text === long)).toEqual([true, true])
  })
})

describe('the key', () => {
  it('goes to the address of the settings only, wherever the results are said to be', async () => {
    const stranger = await startScriptedProvider([{ text: ['Hi.'] }])
    servers.push(stranger)
    for (const url of [`${stranger.origin}/v1/messages/batches/msgbatch_1/results`, 'no address']) {
      const { server, batches } = await open({ resultsUrl: () => url })
      await batches.submit([ducks])
      expect((await answersOf(batches)).get(ducks.id)?.text).toBe('Three.')
      expect(server.batchCalls.at(-1)?.path).toBe('/v1/messages/batches/msgbatch_1/results')
    }
    const moved = { status: 302, body: '', headers: { location: `${stranger.origin}/v1/messages/batches` } }
    const { batches } = await open({ refuse: () => moved })
    expect((await failureOf(batches.submit([ducks]))).code).toBe('MODEL_FAILED')
    expect([...stranger.requests, ...stranger.batchCalls]).toEqual([])
    expect(stranger.openedConnections()).toBe(0)
  })

  it('and what was said are in no error and no log', async () => {
    const logger = createRecordingLogger()
    for (const refuses of ['bad_key', 'overflow', 'policy', 'rate_limit', 'no_quota', 'failed', 'not_json'] as const) {
      const { batches } = await open({ refuse: () => ({ refuses, says: ` You sent ${key}: ducks.` }) }, { logger })
      for (const failure of [
        await failureOf(batches.submit([ducks])),
        await failureOf(batches.collect('msgbatch_1')),
      ]) {
        const printed = `${inspect(failure, { depth: 20, showHidden: true })} ${failure.stack} ${JSON.stringify(failure)}`
        expect(printed).not.toContain(key)
        expect(printed).not.toContain('How many ducks')
        expect(failure.cause).toBeUndefined()
      }
    }
    expect(inspect(logger.lines, { depth: 20 })).not.toContain(key)
  })
})

describe('what fails', () => {
  it.each([
    ['bad_key', 'MODEL_AUTH'],
    ['no_quota', 'MODEL_REFUSED'],
    ['policy', 'MODEL_REFUSED'],
    ['overflow', 'MODEL_OVERFLOW'],
  ] as const)('as %s is %s, after one call', async (refuses, code) => {
    const { server, batches } = await open({ refuse: () => ({ refuses }) })
    expect((await failureOf(batches.submit([ducks]))).code).toBe(code)
    expect(server.batchCalls).toHaveLength(1)
  })

  it.each(['rate_limit', 'overloaded'] as const)('as %s is submitted again: nothing was taken', async (refuses) => {
    const { server, batches, waits } = await open({
      refuse: (_, position) => (position < 2 ? { refuses } : undefined),
    })
    expect(await batches.submit([ducks])).toMatchObject({ batchId: 'msgbatch_1' })
    expect(server.batchCalls).toHaveLength(3)
    expect(waits).toEqual([500, 1000])
  })

  it.each(['failed', 'not_json', 'cut'] as const)(
    'as %s is not submitted again: it may have been taken',
    async (how) => {
      const { server, batches } = await open({ refuse: () => (how === 'cut' ? how : { refuses: how }) })
      expect((await failureOf(batches.submit([ducks]))).code).toMatch(/^MODEL_(FAILED|UNREACHABLE)$/)
      expect(server.batchCalls).toHaveLength(1)
    },
  )

  it.each(['failed', 'not_json', 'cut', 'rate_limit'] as const)(
    'as %s is looked at again: looking changes nothing',
    async (how) => {
      const { server, batches } = await open({
        refuse: (_, position) =>
          position === 1 || position === 3 ? (how === 'cut' ? how : { refuses: how }) : undefined,
      })
      await batches.submit([ducks])
      expect((await answersOf(batches)).get(ducks.id)?.text).toBe('Three.')
      expect(server.batchCalls).toHaveLength(5)
    },
  )

  it('is no batch at all when the answer is none', async () => {
    const nonsense = { status: 200, body: '{"id": "../x", "processing_status": "ended"}' }
    const { batches } = await open({ refuse: () => nonsense })
    expect(await failureOf(batches.submit([ducks]))).toMatchObject({ code: 'MODEL_FAILED' })
    expect(await failureOf(batches.collect('msgbatch_1'))).toMatchObject({ code: 'MODEL_FAILED' })
  })

  it('to say anything in time is given up, and one that is stopped stops at once', async () => {
    const { batches, server } = await open({ answer: () => ({ text: ['Three.'] }) }, { idleTimeoutMs: 300 })
    await server.close()
    expect((await failureOf(batches.collect('msgbatch_1'))).code).toBe('MODEL_UNREACHABLE')
    const silent = await openScripted('anthropic', () => new Promise(() => {}), { idleTimeoutMs: 300 })
    servers.push(silent.server)
    await silent.model.batches?.submit([ducks])
    expect(await failureOf(silent.model.batches?.collect('msgbatch_1') ?? Promise.resolve())).toMatchObject({
      code: 'MODEL_UNREACHABLE',
      details: { errno: 'IDLE_TIMEOUT' },
    })
    const stopping = new AbortController()
    stopping.abort()
    const calls = silent.server.batchCalls.length
    const failure = await failureOf(silent.model.batches?.collect('msgbatch_1', stopping.signal) ?? Promise.resolve())
    expect(failure.code).toBe('MODEL_ABORTED')
    expect(silent.server.batchCalls).toHaveLength(calls)
  })
})

it.each(['openai', 'openai-compatible', 'ollama'] as const)('a model of %s has no batches', async (provider) => {
  const { model, server } = await openScripted(provider, [{ text: ['Hi.'] }])
  servers.push(server)
  expect(model.batches).toBeUndefined()
  await eventsOf(model, hello)
})
