import type { Embedder } from '@arawn/core/embedder'
import type { LlmProvider } from '@arawn/llm/llm-profile'
import { type EmbeddersInput, openEmbedders } from '@arawn/llm/open-embedders'
import type { ProviderAnswer, RefusalKind } from '@arawn/testkit/provider-answer'
import { type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failureOf } from './collect.js'

const KEY = 'sk-live-0123456789'

async function start(
  provider: LlmProvider,
  script: readonly ProviderAnswer[],
  { model = 'an-embedder', ...more }: Partial<EmbeddersInput> & { model?: string } = {},
): Promise<{ embedder: Embedder; server: ScriptedProvider; waits: number[] }> {
  const server = await startScriptedProvider(script)
  onTestFinished(() => server.close())
  const waits: number[] = []
  const embedders = openEmbedders({
    profiles: [{ name: 'work', provider, model: 'a-model', baseUrl: server.baseUrl, apiKeyEnv: 'WORK_KEY' }],
    env: { WORK_KEY: KEY },
    retryTools: { sleep: async (ms) => void waits.push(ms), random: () => 1 },
    ...more,
  })
  return { embedder: await embedders.open(`work/${model}`), server, waits }
}

const query = (texts: readonly string[]) => ({ texts, kind: 'query' as const })
const numbers = (vectors: readonly Float32Array[]) => vectors.map((vector) => [...vector])
const vectors = (...made: readonly (readonly number[])[]): ProviderAnswer => ({ vectors: made })

describe.each(['openai', 'openai-compatible', 'ollama'] as const)('an embedder of %s', (provider) => {
  it('makes a vector of each text, in their order', async () => {
    const { embedder, server } = await start(provider, [vectors([1, 0.5], [0, -1])])
    expect(numbers(await embedder.embed(query(['one', 'two'])))).toEqual([
      [1, 0.5],
      [0, -1],
    ])
    expect(embedder).toMatchObject({ profile: 'work', model: 'an-embedder' })
    expect(server.requests).toMatchObject([
      {
        path: '/v1/embeddings',
        headers: { authorization: `Bearer ${KEY}` },
        body: { model: 'an-embedder', input: ['one', 'two'], encoding_format: 'float' },
      },
    ])
  })

  it('takes vectors by the text that they name, in whatever order they come', async () => {
    const data = [
      { object: 'embedding', index: 1, embedding: [2] },
      { object: 'embedding', index: 0, embedding: [1] },
    ]
    const body = JSON.stringify({ object: 'list', model: 'm', data, usage: { prompt_tokens: 2, total_tokens: 2 } })
    const { embedder } = await start(provider, [{ status: 200, body, headers: { 'content-type': 'application/json' } }])
    expect(numbers(await embedder.embed(query(['one', 'two'])))).toEqual([[1], [2]])
  })

  it.each<[RefusalKind, string]>([
    ['bad_key', 'MODEL_AUTH'],
    ['no_model', 'MODEL_NOT_FOUND'],
    ['overflow', 'MODEL_OVERFLOW'],
    ['policy', 'MODEL_REFUSED'],
    ['no_quota', 'MODEL_REFUSED'],
  ])('says what is wrong, once, when the provider says %s', async (refuses, code) => {
    const { embedder, server } = await start(provider, [{ refuses, says: KEY }])
    const failure = await failureOf(embedder.embed(query(['one'])))
    expect(failure.code).toBe(code)
    expect(`${failure.message} ${JSON.stringify(failure.details)}`).not.toContain(KEY)
    expect(server.requests).toHaveLength(1)
  })

  it.each(['failed', 'overloaded', 'not_json', 'rate_limit'] as const)(
    'is asked again when the provider says %s',
    async (refuses) => {
      const { embedder, server, waits } = await start(provider, [{ refuses }, vectors([1])])
      expect(numbers(await embedder.embed(query(['one'])))).toEqual([[1]])
      expect(server.requests).toHaveLength(2)
      expect(waits).toEqual([500])
    },
  )

  it.each<[string, ProviderAnswer]>([
    ['fewer vectors than texts', vectors([1])],
    ['more vectors than texts', vectors([1], [2], [3])],
    ['vectors of different lengths', vectors([1], [1, 2])],
    ['vectors of nothing', vectors([], [])],
    ['one text twice', { status: 200, body: '{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}' }],
    [
      'a text that was not asked for',
      { status: 200, body: '{"data":[{"index":0,"embedding":[1]},{"index":9,"embedding":[2]}]}' },
    ],
    ['something else', { status: 200, body: '{"object":"list"}' }],
    ['a page', { status: 200, body: '<html>Log in</html>' }],
  ])('fails when the provider sends %s', async (_, answer) => {
    const { embedder } = await start(provider, [answer])
    const failure = await failureOf(embedder.embed(query(['one', 'two'])))
    expect(['MODEL_FAILED', 'MODEL_UNREACHABLE']).toContain(failure.code)
  })

  it('never takes the key and the texts elsewhere', async () => {
    const elsewhere = await startScriptedProvider([vectors([1])])
    onTestFinished(() => elsewhere.close())
    const location = `${elsewhere.baseUrl}/embeddings`
    const { embedder } = await start(provider, [{ status: 307, body: '', headers: { location } }])
    expect(await failureOf(embedder.embed(query(['one'])))).toMatchObject({ details: { status: 307 } })
    expect(elsewhere.requests).toEqual([])
  })

  it('is stopped by a signal, and gives up a provider that says nothing', async () => {
    const never: ProviderAnswer = { vectors: [[1]], before: () => new Promise(() => {}) }
    const { embedder, server } = await start(provider, [never], { idleTimeoutMs: 100 })
    const stop = new AbortController()
    const stopped = failureOf(embedder.embed({ ...query(['one']), signal: stop.signal }))
    await expect.poll(() => server.requests.length).toBe(1)
    stop.abort()
    expect((await stopped).code).toBe('MODEL_ABORTED')
    expect((await failureOf(embedder.embed({ ...query(['one']), signal: stop.signal }))).code).toBe('MODEL_ABORTED')
    const silent = await failureOf(embedder.embed(query(['one'])))
    expect(silent).toMatchObject({ code: 'MODEL_UNREACHABLE', details: { errno: 'IDLE_TIMEOUT' } })
  })
})

describe('embedders', () => {
  it('are told what is looked for from what is found, where they ask for it', async () => {
    for (const [model, asQuery, asDocument] of [
      ['nomic-embed-text:v1.5', 'search_query: one', 'search_document: one'],
      ['intfloat/multilingual-e5-large', 'query: one', 'passage: one'],
      ['text-embedding-3-small', 'one', 'one'],
    ] as const) {
      const { embedder, server } = await start('ollama', [vectors([1])], { model })
      await embedder.embed({ texts: ['one'], kind: 'query' })
      await embedder.embed({ texts: ['one'], kind: 'document' })
      expect(server.requests.map(({ body }) => body.input)).toEqual([[asQuery], [asDocument]])
    }
  })

  it('are of profiles that are there, have a key, and whose provider has some', async () => {
    const embedders = openEmbedders({ profiles: [], env: {} })
    expect(await failureOf(embedders.open('nobody'))).toMatchObject({ code: 'MODEL_PROFILE_UNKNOWN' })
    expect(await failureOf(embedders.open('openai/text-embedding-3-small'))).toMatchObject({
      code: 'MODEL_KEY_MISSING',
      details: { variable: 'OPENAI_API_KEY' },
    })
    for (const name of ['anthropic', 'offline'])
      expect(await failureOf(embedders.open(name))).toMatchObject({ code: 'MODEL_REFUSED', details: { profile: name } })
  })
})
