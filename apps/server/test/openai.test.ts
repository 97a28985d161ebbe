import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ScriptedProvider } from '@arawn/testkit/scripted-provider'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { startProvider, startServer, type TestServer } from './start-server.js'

const call = { id: 'call_1', name: 'weather', arguments: { place: 'Bonn' } }
const parameters = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] }
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'Tells the weather.', parameters },
} as const
const user = (content: string) => ({ role: 'user', content }) as const
const assistant = (content: string) => ({ role: 'assistant', content }) as const

function clientOf({ url }: TestServer, headers: Record<string, string> = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', defaultHeaders: headers, maxRetries: 0 })
}

/** Role and content of the lines of a workstream. */
function linesOf({ dataDir }: TestServer, id: string): [string, string][] {
  const text = readFileSync(join(dataDir, 'workstreams', id, 'messages.jsonl'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { role: string; content: string })
    .map(({ role, content }) => [role, content])
}

function lastSent(provider: ScriptedProvider): { role: string; content: unknown }[] {
  return provider.requests.at(-1)?.body.messages as { role: string; content: unknown }[]
}

async function withWorkstream(provider: ScriptedProvider) {
  const server = await startServer({ provider })
  await server.ask('POST', 'workstreams', { body: { id: 'trip', title: 'Trip' } })
  return { server, client: clientOf(server, { 'x-workstream-id': 'trip' }) }
}

describe('a client of OpenAI without a workstream', () => {
  it('speaks to the model alone, and nothing is stored', async () => {
    const provider = await startProvider([{ text: ['Hel', 'lo.'], usage: { input_tokens: 9, output_tokens: 3 } }])
    const server = await startServer({ provider })
    const answer = await clientOf(server).chat.completions.create({
      model: 'test',
      messages: [{ role: 'system', content: 'Be brief.' }, user('Hi')],
      temperature: 0.5,
      max_completion_tokens: 50,
      stop: ['END'],
      user: 'u1',
      store: false,
    })
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'test',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
    })
    expect(provider.requests[0]?.body).toMatchObject({ temperature: 0.5, max_tokens: 50, stop: ['END'] })
    expect(lastSent(provider)).toMatchObject([{ role: 'system', content: 'Be brief.' }, { role: 'user' }])
    expect((await server.ask('GET', 'workstreams')).json.data).toEqual([])
  })

  it('is sent the answer as it comes', async () => {
    const provider = await startProvider([{ text: ['Hel', 'lo.'], usage: { input_tokens: 9, output_tokens: 3 } }])
    const stream = await clientOf(await startServer({ provider })).chat.completions.create({
      model: 'default',
      messages: [user('Hi')],
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.map(({ choices: [choice] }) => choice?.delta.content)).toEqual([
      '',
      'Hel',
      'lo.',
      undefined,
      undefined,
    ])
    expect(chunks.map(({ choices: [choice] }) => choice?.finish_reason)).toEqual([null, null, null, 'stop', undefined])
    expect(chunks.map(({ usage }) => usage?.total_tokens ?? usage)).toEqual([null, null, null, null, 12])
    expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1)
  })

  it('sends exactly the lines that OpenAI sends', async () => {
    const provider = await startProvider([{ text: ['Hi.'] }])
    const { ask } = await startServer({ provider })
    const { text, headers } = await ask('POST', '/v1/chat/completions', {
      body: { model: 'test', messages: [user('Hi')], stream: true },
    })
    expect(headers.get('content-type')).toContain('text/event-stream')
    const lines = text.split('\n\n')
    expect(lines.slice(-2)).toEqual(['data: [DONE]', ''])
    const chunks = lines.slice(0, -2).map((line) => JSON.parse(line.slice('data: '.length)))
    expect(chunks[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'test',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
    })
  })

  it('runs its own tools', async () => {
    const provider = await startProvider([{ calls: [call] }, { text: ['Take an umbrella.'] }])
    const client = clientOf(await startServer({ provider }))
    const messages: OpenAI.ChatCompletionMessageParam[] = [user('Umbrella?')]
    const first = await client.chat.completions.create({
      model: 'test',
      messages,
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    })
    expect(first.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"place":"Bonn"}' } }],
      },
    })
    expect(provider.requests[0]?.body).toMatchObject({
      tools: [{ function: { name: 'weather', parameters } }],
      tool_choice: { function: { name: 'weather' } },
    })
    messages.push(first.choices[0]?.message as OpenAI.ChatCompletionMessage)
    messages.push({ role: 'tool', tool_call_id: 'call_1', content: 'rain' })
    const second = await client.chat.completions.create({ model: 'test', messages, tools: [weather] })
    expect(second.choices[0]?.message.content).toBe('Take an umbrella.')
    expect(lastSent(provider)).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool', content: 'rain' },
    ])
  })

  it('stops the model when it goes away', async () => {
    const provider = await startProvider([{ text: ['one '], ending: 'silence' }])
    const server = await startServer({ provider })
    const stream = await clientOf(server).chat.completions.create({
      model: 'test',
      messages: [user('Hi')],
      stream: true,
    })
    for await (const { choices } of stream) if (choices[0]?.delta.content === 'one ') break
    await expect.poll(() => provider.openAnswers()).toBe(0)
  })

  it('hears of a failure in the middle', async () => {
    const provider = await startProvider([{ text: ['one ', 'two '], ending: 'error' }])
    const stream = await clientOf(await startServer({ provider })).chat.completions.create({
      model: 'test',
      messages: [user('Hi')],
      stream: true,
    })
    const heard: unknown[] = []
    const listening = (async () => {
      for await (const { choices } of stream) heard.push(choices[0]?.delta.content)
    })()
    await expect(listening).rejects.toMatchObject({ code: 'model_failed', type: 'server_error' })
    expect(heard).toEqual(['', 'one ', 'two '])
  })

  it('is asked for JSON, of a schema if there is one', async () => {
    const provider = await startProvider([{ text: ['{"a":1}'] }])
    const client = clientOf(await startServer({ provider }))
    await client.chat.completions.create({
      model: 'test',
      messages: [user('Hi')],
      response_format: { type: 'json_object' },
    })
    expect(provider.requests[0]?.body.response_format).toMatchObject({ type: 'json_object' })
  })
})

describe('a client of OpenAI in a workstream', () => {
  it('may send history again: only what is new is stored, and the model is sent what the workstream holds', async () => {
    const provider = await startProvider((_, n) => ({ text: [`answer ${n + 1}`] }))
    const { server, client } = await withWorkstream(provider)
    const system = { role: 'system', content: 'Talk like a pirate.' } as const
    const first = await client.chat.completions
      .create({ model: 'test', messages: [system, user('one')] })
      .withResponse()
    expect(first.response.headers.get('x-workstream-id')).toBe('trip')
    const turn = first.response.headers.get('x-interaction-id')
    expect((await server.ask('GET', `workstreams/trip/turns/${turn}`)).json.turn).toMatchObject({ status: 'ok' })
    await server.ask('POST', 'workstreams/trip/push', { body: { content: 'The train is late.', author: 'rail' } })
    const history = [system, user('one'), assistant('answer 1')]
    await client.chat.completions.create({ model: 'test', messages: [...history, user('two')] })
    await client.chat.completions.create({ model: 'test', messages: [user('three')] })
    expect(linesOf(server, 'trip')).toEqual([
      ['user', 'one'],
      ['assistant', 'answer 1'],
      ['agent_push', 'The train is late.'],
      ['user', 'two'],
      ['assistant', 'answer 2'],
      ['user', 'three'],
      ['assistant', 'answer 3'],
    ])
    const sent = JSON.stringify(lastSent(provider))
    for (const words of ['one', 'answer 1', 'The train is late.', 'two', 'answer 2', 'three'])
      expect(sent).toContain(words)
    expect(sent).not.toContain('pirate')
    expect(JSON.stringify(provider.requests[1]?.body)).toContain('pirate')
  })

  it('is refused when its history is another one', async () => {
    const provider = await startProvider([{ text: ['Yes.'] }])
    const { server, client } = await withWorkstream(provider)
    await client.chat.completions.create({ model: 'test', messages: [user('one')] })
    const before = linesOf(server, 'trip')
    const changed = client.chat.completions.create({
      model: 'test',
      messages: [user('one, changed'), assistant('Yes.'), user('two')],
    })
    await expect(changed).rejects.toMatchObject({
      status: 409,
      code: 'history_diverged',
      type: 'invalid_request_error',
    })
    expect(linesOf(server, 'trip')).toEqual(before)
    expect(provider.requests).toHaveLength(1)
  })

  it('runs its own tools, beside those of the workstream', async () => {
    const provider = await startProvider([
      { text: ['I look.'], calls: [{ id: 's1', name: 'list_workstreams', arguments: {} }] },
      { text: ['I ask.'], calls: [call] },
      { text: ['Take an umbrella.'] },
      { text: ['You are welcome.'] },
    ])
    const { server, client } = await withWorkstream(provider)
    const messages: OpenAI.ChatCompletionMessageParam[] = [user('Umbrella?')]
    const ask = async (content?: OpenAI.ChatCompletionMessageParam) => {
      if (content !== undefined) messages.push(content)
      const stream = client.chat.completions.stream({ model: 'test', messages, tools: [weather] })
      const message = (await stream.finalChatCompletion()).choices[0]?.message as OpenAI.ChatCompletionMessage
      messages.push(message)
      return message
    }
    const first = await ask()
    expect(first.content).toBe('I look.\n\nI ask.')
    expect(first.tool_calls).toMatchObject([
      { id: 'call_1', function: { name: 'weather', arguments: '{"place":"Bonn"}' } },
    ])
    expect((await ask({ role: 'tool', tool_call_id: 'call_1', content: 'rain' })).content).toBe('Take an umbrella.')
    expect(lastSent(provider).at(-1)).toMatchObject({ role: 'tool', content: 'rain' })
    await ask(user('Thanks.'))
    expect(linesOf(server, 'trip').map(([role]) => role)).toEqual([
      ...['user', 'assistant', 'tool_use', 'tool_result', 'assistant', 'tool_use'],
      ...['tool_result', 'assistant'],
      ...['user', 'assistant'],
    ])
  })

  it('is answered once for one key', async () => {
    const provider = await startProvider([{ text: ['once'] }])
    const { server, client } = await withWorkstream(provider)
    const ask = () =>
      client.chat.completions
        .create({ model: 'test', messages: [user('Hi')] }, { headers: { 'idempotency-key': 'k' } })
        .withResponse()
    const first = await ask()
    const again = await ask()
    expect(again.data).toEqual(first.data)
    expect(again.response.headers.get('idempotent-replayed')).toBe('true')
    expect(provider.requests).toHaveLength(1)
    expect(linesOf(server, 'trip')).toHaveLength(2)
  })

  it('may go away: the turn goes on', async () => {
    let speakOn = () => {}
    const held = new Promise<void>((resolve) => (speakOn = resolve))
    const provider = await startProvider([
      { text: ['one ', 'two'], before: async (piece) => piece.includes('two') && held },
    ])
    const { server, client } = await withWorkstream(provider)
    const stream = await client.chat.completions.create({ model: 'test', messages: [user('Hi')], stream: true })
    for await (const { choices } of stream) if (choices[0]?.delta.content !== '') break
    speakOn()
    await expect
      .poll(() => linesOf(server, 'trip'))
      .toEqual([
        ['user', 'Hi'],
        ['assistant', 'one two'],
      ])
  })

  it('names the workstream in the body just as well', async () => {
    const server = await startServer({ provider: await startProvider([{ text: ['Yes.'] }]) })
    const messages = [user('Hi')]
    const metadata = { workstream: 'scratch' }
    await clientOf(server).chat.completions.create({ model: 'default', messages, metadata })
    expect(linesOf(server, 'scratch')).toHaveLength(2)
  })

  it('hears why an answer is short, and that a model failed', async () => {
    const provider = await startProvider([{ text: ['Once'], reason: 'length' }, { refuses: 'bad_key' }])
    const { server, client } = await withWorkstream(provider)
    const ask = (content: string, stream: boolean) =>
      server.ask('POST', '/v1/chat/completions', {
        body: { model: 'test', messages: [user(content)], max_tokens: 5, stream },
        headers: { 'x-workstream-id': 'trip' },
      })
    const short = await client.chat.completions.create({ model: 'test', messages: [user('a')], max_tokens: 5 })
    expect(short.choices[0]?.finish_reason).toBe('length')
    expect(provider.requests[0]?.body.max_tokens).toBe(5)
    for (const stream of [false, true]) {
      const failed = await ask('b', stream)
      expect(failed).toMatchObject({ status: 502, json: { error: { code: 'model_auth', type: 'server_error' } } })
      expect(failed.headers.get('x-should-retry')).toBe('false')
    }
  })
})

describe('the AI SDK', () => {
  it('speaks to a workstream with tools of its own', async () => {
    const provider = await startProvider([{ calls: [call] }, { text: ['Take an umbrella.'] }, { text: ['Yes.'] }])
    const { server } = await withWorkstream(provider)
    const sdk = createOpenAICompatible({
      name: 'arawn',
      baseURL: `${server.url}/v1`,
      headers: { 'x-workstream-id': 'trip' },
    })
    const { text, response } = await generateText({
      model: sdk('test'),
      prompt: 'Umbrella?',
      tools: { weather: tool({ inputSchema: jsonSchema(parameters as never), execute: async () => 'rain' }) },
      stopWhen: stepCountIs(5),
    })
    expect(text).toBe('Take an umbrella.')
    const streamed = streamText({
      model: sdk('test'),
      messages: [user('Umbrella?'), ...response.messages, user('Sure?')],
    })
    expect(await streamed.text).toBe('Yes.')
    expect(linesOf(server, 'trip').map(([role, content]) => (role === 'tool_result' ? content : role))).toEqual([
      ...['user', 'tool_use', 'rain', 'assistant'],
      ...['user', 'assistant'],
    ])
  })
})

describe('what is wrong', () => {
  it('is told in the form of OpenAI', async () => {
    const server = await startServer({ provider: await startProvider([{ text: ['Yes.'] }]) })
    const client = clientOf(server)
    const ask = (more: object) =>
      client.chat.completions.create({ model: 'test', messages: [user('Hi')], ...more } as never)
    await expect(ask({ model: 'gpt-9' })).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
    await expect(ask({ n: 2 })).rejects.toMatchObject({ status: 400, code: 'invalid_input', param: 'n' })
    await expect(ask({ logprobs: true })).rejects.toMatchObject({ status: 400, param: 'logprobs' })
    await expect(ask({ messages: [] })).rejects.toMatchObject({ status: 400, param: 'messages' })
    await expect(ask({ messages: [{ role: 'system', content: 'x' }] })).rejects.toMatchObject({ param: 'messages' })
    await expect(
      ask({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] }),
    ).rejects.toMatchObject({ status: 400, param: 'messages.0.content' })
    await expect(ask({ metadata: { workstream: 'nothing' } })).rejects.toMatchObject({
      status: 404,
      code: 'workstream_not_found',
    })
    const unreadable = await server.ask('POST', '/v1/chat/completions', { body: '{"model":' })
    expect(unreadable).toMatchObject({ status: 400, json: { error: { type: 'invalid_request_error', param: null } } })
    expect(await server.ask('GET', '/v1/nothing')).toMatchObject({
      status: 404,
      json: { error: { code: 'route_not_found' } },
    })
  })

  it('is a workstream where they are switched off; without one the model answers', async () => {
    const provider = await startProvider([{ text: ['Yes.'] }])
    const server = await startServer({ provider, env: { ARAWN_WORKSTREAMS_ENABLED: 'false' } })
    const ask = (headers: Record<string, string>) =>
      clientOf(server, headers).chat.completions.create({ model: 'test', messages: [user('Hi')] })
    expect((await ask({})).choices[0]?.message.content).toBe('Yes.')
    await expect(ask({ 'x-workstream-id': 'scratch' })).rejects.toMatchObject({
      status: 404,
      code: 'workstreams_disabled',
    })
    const mcp = await server.ask('POST', '/mcp', { body: {} })
    expect(mcp).toMatchObject({ status: 404, json: { error: { code: 'WORKSTREAMS_DISABLED' } } })
  })

  it('is a token that is missing, a body that is too large, or too many requests', async () => {
    const TOKEN = 'a-token-of-some-length'
    const server = await startServer({
      env: {
        ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN',
        MY_TOKEN: TOKEN,
        ARAWN_SERVER_MAX_BODY_MB: '1',
        ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '4',
      },
    })
    const listed = (apiKey: string) => new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 }).models.list()
    await expect(listed('wrong')).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    expect((await listed(TOKEN)).data.map(({ id }) => id)).toContain('default')
    const large = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: TOKEN, maxRetries: 0 }).chat.completions.create({
      model: 'default',
      messages: [user('x'.repeat(1_100_000))],
    })
    await expect(large).rejects.toMatchObject({ status: 413, code: 'body_too_large' })
    let last: unknown
    for (let n = 0; n < 4; n++) last = await listed(TOKEN).catch((error: unknown) => error)
    expect(last).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' })
  })
})

describe('the list of models', () => {
  it('has profiles by their names, and each of them can be asked for', async () => {
    const server = await startServer({ provider: await startProvider([{ text: ['Yes.'] }]) })
    const client = clientOf(server)
    const ids = (await client.models.list()).data.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['default', 'test', 'test/scripted']))
    for (const id of ids) expect((await client.models.retrieve(id)).id).toBe(id)
    expect((await server.ask('GET', '/v1/models/test/other')).json).toMatchObject({ id: 'test/other', object: 'model' })
    await expect(client.models.retrieve('tset')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })

  it('stands in the OpenAPI document, with the completions', async () => {
    const { ask } = await startServer()
    const { paths } = (await ask('GET', '/openapi.json')).json
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/chat/completions', '/v1/models', '/v1/models/{id}']),
    )
    const { properties } = paths['/v1/chat/completions'].post.requestBody.content['application/json'].schema
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(['model', 'messages', 'tools', 'stream']))
  })
})
