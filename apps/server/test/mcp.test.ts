import { request } from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer, type TestServer } from './start-server.js'

async function connect({ url }: TestServer, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } })
  // Its types do not know exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0])
  onTestFinished(() => client.close())
  return client
}

interface Called {
  readonly isError: boolean
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly data: any
}

async function call(client: Client, name: string, input: object = {}): Promise<Called> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...input } })
  const [first] = content as { text: string }[]
  return { isError: isError === true, text: first?.text ?? '', data: structuredContent }
}

describe('a model over MCP', () => {
  it('finds tools that say what they take', async () => {
    const client = await connect(await startServer())
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual([
      ...['append_message', 'create_workstream', 'get_context', 'list_workstreams', 'promote'],
      ...['push_message', 'read_messages', 'search_messages'],
    ])
    for (const { name, description, inputSchema, annotations } of tools) {
      expect(description?.length, name).toBeGreaterThan(40)
      expect(inputSchema.type, name).toBe('object')
      expect(annotations?.readOnlyHint, name).toBe(/^(search|read|list|get)_/.test(name))
    }
    expect(client.getInstructions()).toContain('scratch')
  })

  it('keeps what was said, finds it and reads it again', async () => {
    const server = await startServer()
    const client = await connect(server)
    const made = await call(client, 'create_workstream', { title: 'Harbour', idempotency_key: 'k' })
    const { id } = made.data
    expect((await call(client, 'create_workstream', { title: 'Harbour', idempotency_key: 'k' })).data.id).toBe(id)
    const first = await call(client, 'append_message', { workstream: 'harbour', content: 'The ferry leaves at seven.' })
    expect(first.data.message).toMatchObject({ sequence: 1, role: 'user' })
    await call(client, 'append_message', { workstream: id, content: 'Noted.', role: 'assistant' })
    await call(client, 'push_message', { workstream: id, content: 'Storm tonight.', author: 'weather' })
    const found = await call(client, 'search_messages', { query: 'ferry' })
    expect(found.data).toMatchObject({ hits: [{ workstream_id: id, sequence: 1 }], next: null })
    expect(found.text).toContain('leaves at seven')
    const read = await call(client, 'read_messages', { workstream: id, limit: 2 })
    expect(read.data).toMatchObject({ messages: [{ content: 'Noted.' }, { author: 'weather' }], has_older: true })
    expect(read.text).toContain('before: 2')
    const listed = await call(client, 'list_workstreams', { text: 'harb' })
    expect(listed.data.workstreams).toMatchObject([{ id, title: 'Harbour', message_count: 3 }])
    const context = await call(client, 'get_context', {
      workstream: id,
      message: 'When does it leave?',
      model: 'offline',
    })
    expect(context.text).toContain('The ferry leaves at seven.')
    expect(context.text).toContain('When does it leave?')
    expect(context.data.tokens).toBeGreaterThan(0)
    expect((await server.ask('GET', `workstreams/${id}/messages`)).json.data).toHaveLength(3)
  })

  it('moves what was said out of scratch', async () => {
    const client = await connect(await startServer())
    for (const content of ['one', 'two', 'three']) await call(client, 'append_message', { content })
    const moved = await call(client, 'promote', { title: 'Numbers', first: 2, last: 3 })
    expect(moved.data).toMatchObject({ title: 'Numbers', messages: 2 })
    const read = await call(client, 'read_messages', { workstream: 'numbers' })
    expect(read.data.messages.map(({ content }: { content: string }) => content)).toEqual(['two', 'three'])
    expect((await call(client, 'read_messages', { workstream: 'scratch' })).data.messages).toHaveLength(1)
  })

  it('is told what went wrong and what to do, never a stack', async () => {
    const client = await connect(await startServer())
    await call(client, 'create_workstream', { title: 'Harbour' })
    const missing = await call(client, 'read_messages', { workstream: 'Harbor' })
    expect(missing).toMatchObject({
      isError: true,
      data: { error: { code: 'WORKSTREAM_NOT_FOUND', retryable: false } },
    })
    expect(missing.text).toContain('Did you mean "Harbour"?')
    const taken = await call(client, 'create_workstream', { title: 'x', id: 'scratch' })
    expect(taken.isError).toBe(true)
    const empty = await call(client, 'promote', { title: 'Nothing' })
    expect(empty).toMatchObject({ isError: true, text: expect.stringContaining('scratch') })
    const wrong = await call(client, 'read_messages', { workstream: 'Harbour', limit: 'many' })
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining('limit') })
    const unknown = await call(client, 'forget_everything')
    expect(unknown).toMatchObject({ isError: true, text: expect.stringContaining('forget_everything') })
    for (const { text } of [missing, taken, empty, wrong, unknown]) expect(text).not.toMatch(/\n\s+at |node_modules/)
  })

  it('reads workstreams as pages, the newest messages of long ones', async () => {
    const server = await startServer()
    const client = await connect(server)
    await call(client, 'create_workstream', { id: 'long', title: 'Long' })
    await Promise.all(
      Array.from({ length: 105 }, (_, n) => call(client, 'push_message', { workstream: 'long', content: `news ${n}` })),
    )
    await call(client, 'append_message', { workstream: 'long', content: `the end ${'x'.repeat(30_000)}` })
    const { resources } = await client.listResources()
    expect(resources).toMatchObject([{ uri: 'workstream://long', title: 'Long', mimeType: 'text/markdown' }])
    const { contents } = await client.readResource({ uri: 'workstream://long' })
    const [page] = contents as { text: string; uri: string }[]
    expect(page?.uri).toBe('workstream://long')
    expect(page?.text).toMatch(/^# Long\n/)
    expect(page?.text.match(/^### /gm)).toHaveLength(100)
    expect(page?.text).toContain('`before: 7`')
    expect(page?.text).toContain('cut here: 30008 characters')
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'workstream://{id}' }])
    const completed = await client.complete({
      ref: { type: 'ref/resource', uri: 'workstream://{id}' },
      argument: { name: 'id', value: 'lo' },
    })
    expect(completed.completion.values).toEqual(['long'])
    await expect(client.readResource({ uri: 'workstream://nothing' })).rejects.toThrow('WORKSTREAM_NOT_FOUND')
  })

  it('goes on after the server was started again', async () => {
    const first = await startServer()
    const client = await connect(first)
    await call(client, 'append_message', { content: 'one' })
    await first.stop()
    const { port } = new URL(first.url)
    await startServer({ dataDir: first.dataDir, env: { ARAWN_SERVER_PORT: port } })
    expect((await call(client, 'read_messages', { workstream: 'scratch' })).data.messages).toHaveLength(1)
  })
})

describe('the guard', () => {
  const TOKEN = 'a-token-of-some-length'
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  const headers = { accept: 'application/json, text/event-stream' }

  it('wants the token at /mcp as well', async () => {
    const server = await startServer({ env: { ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: TOKEN } })
    for (const method of ['POST', 'GET', 'DELETE'])
      expect((await server.ask(method, '/mcp', method === 'POST' ? { body, headers } : {})).status).toBe(401)
    await expect(connect(server)).rejects.toThrow()
    const client = await connect(server, { authorization: `Bearer ${TOKEN}` })
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
  })

  it('answers to no name that was rebound to this machine', async () => {
    const { url } = await startServer()
    expect(await statusOf(url, 'evil.example')).toBe(403)
    expect(await statusOf(url, 'localhost:1')).toBe(405)
  })

  it('keeps out pages of other origins, what is too large and what comes too often', async () => {
    const { ask } = await startServer({
      env: { ARAWN_SERVER_MAX_BODY_MB: '1', ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '4' },
    })
    const post = (more: object, sent: object = body) =>
      ask('POST', '/mcp', { body: sent, headers: { ...headers, ...more } })
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect(await post({})).toMatchObject({ status: 200, json: { id: 1, result: { tools: expect.any(Array) } } })
    expect((await post({}, { ...body, params: 'x'.repeat(1_100_000) })).status).toBe(413)
    expect(await ask('GET', '/mcp')).toMatchObject({ status: 405 })
    expect((await post({})).status).toBe(200)
    expect((await post({})).status).toBe(429)
  })
})

/** `fetch` lets nobody set this header. */
function statusOf(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/mcp`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}
