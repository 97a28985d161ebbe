import { describe, expect, it, onTestFinished } from 'vitest'
import { failing, json, type Reply, startScriptedServer } from './scripted-server.js'

const cut: Reply = () => {}
const list = json({ object: 'list', data: [], first_id: null, last_id: null, has_more: false, next: null })
const message = json({ id: 'msg_1', content: 'hi' }, 201)

describe('a request', () => {
  it('that reads is sent again when the connection is cut or the server asks to wait', async () => {
    const { client, asked } = await startScriptedServer([
      cut,
      failing(503, 'LOCK_TIMEOUT', { 'retry-after': '0' }),
      failing(429, 'RATE_LIMITED', { 'retry-after': '0' }),
      list,
    ])
    expect((await client.listWorkstreams()).items).toEqual([])
    expect(asked).toHaveLength(4)
  })

  it('whose answer is cut off half-way is sent again', async () => {
    const half: Reply = (answer) => {
      answer.writeHead(200, { 'content-length': '1000' })
      answer.write('{"object":', () => answer.destroy())
    }
    const { client, asked } = await startScriptedServer([half, list])
    expect((await client.listWorkstreams()).items).toEqual([])
    expect(asked).toHaveLength(2)
  })

  it('that writes is sent again with the same key, which the client draws by itself', async () => {
    const { client, asked } = await startScriptedServer([cut, message, message])
    await client.sendMessage({ content: 'hi' })
    await client.sendMessage({ content: 'hi' })
    const [first, again, other] = asked.map(({ headers }) => headers['idempotency-key'])
    expect(first).toMatch(/^auto-[0-9a-f]{32}$/)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('takes the key that it is given', async () => {
    const { client, asked } = await startScriptedServer([message])
    await client.sendMessage({ content: 'hi', idempotency_key: 'mine' })
    expect(asked[0]?.headers['idempotency-key']).toBe('mine')
  })

  it('that writes without a key is sent once', async () => {
    for (const reply of [cut, failing(503, 'LOCK_TIMEOUT', { 'retry-after': '0' })]) {
      const { client, asked } = await startScriptedServer([reply])
      await expect(client.pauseWorkstream('a')).rejects.toMatchObject({ name: 'WorkstreamError' })
      expect(asked).toHaveLength(1)
    }
  })

  it('is given up after some attempts, and not made at all when the wait is too long', async () => {
    const dead = await startScriptedServer([cut], { retries: 1 })
    await expect(dead.client.listWorkstreams()).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      details: { url: dead.url },
    })
    expect(dead.asked).toHaveLength(2)
    const busy = await startScriptedServer([failing(429, 'RATE_LIMITED', { 'retry-after': '3600' })])
    await expect(busy.client.listWorkstreams()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(busy.asked).toHaveLength(1)
  })

  it('may be one of many at the same time', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error) => void warnings.push(warning)
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    const { client, asked } = await startScriptedServer([list])
    await Promise.all(Array.from({ length: 30 }, () => client.listWorkstreams()))
    expect(asked).toHaveLength(30)
    expect(warnings).toEqual([])
  })

  it('that is not answered in time fails, once', async () => {
    const { client, asked } = await startScriptedServer([() => new Promise<never>(() => {})], { timeoutMs: 50 })
    await expect(client.listWorkstreams()).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      details: { problem: 'no answer within 50 ms' },
    })
    expect(asked).toHaveLength(1)
  })

  it('ends with the reason of its signal, also while it waits', async () => {
    const { client } = await startScriptedServer([failing(503, 'LOCK_TIMEOUT', { 'retry-after': '50' })])
    const stop = new AbortController()
    const asking = client.call('listWorkstreams', { query: {} }, { signal: stop.signal })
    const reason = new Error('enough')
    setTimeout(() => stop.abort(reason), 20)
    await expect(asking).rejects.toBe(reason)
  })
})

describe('an answer', () => {
  it('that is an error is thrown as the error that it is', async () => {
    const { client } = await startScriptedServer([failing(503, 'INDEX_REBUILDING')], { retries: 0 })
    await expect(client.listWorkstreams()).rejects.toMatchObject({
      name: 'WorkstreamError',
      code: 'INDEX_REBUILDING',
      message: 'it is INDEX_REBUILDING',
      details: { waitedMs: 5 },
    })
  })

  it.each([
    ['of another program', (answer) => void answer.writeHead(404).end('<html>not here</html>'), 404],
    ['that is no JSON', (answer) => void answer.writeHead(200).end('<html>hello</html>'), 200],
    ['with a code of a later version', failing(418, 'TEAPOT'), 418],
  ] satisfies [string, Reply, number][])('%s is said to be one', async (_, reply, status) => {
    const { client, url } = await startScriptedServer([reply])
    await expect(client.listWorkstreams()).rejects.toMatchObject({
      code: 'SERVER_ANSWER_UNREADABLE',
      details: { url, status },
    })
  })

  it('that sends elsewhere is not followed', async () => {
    const { client } = await startScriptedServer(
      [(answer) => void answer.writeHead(302, { location: '/other' }).end()],
      { retries: 0 },
    )
    await expect(client.createWorkstream()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })
})
