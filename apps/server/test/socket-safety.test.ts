import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openSocket, type SocketClient } from './socket-client.js'
import { startServer, type TestServer } from './start-server.js'

const TOKEN = 'a-token-of-some-length'
const withToken = { ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: TOKEN }

afterEach(() => void vi.useRealTimers())

describe('who opens a socket', () => {
  it('says a token in a header, a subprotocol that is not chosen, or the first message', async () => {
    const { url, log } = await startServer({ env: { ...withToken, ARAWN_SERVER_LOG_LEVEL: 'debug' } })
    const byHeader = await openSocket(url, '', { headers: { authorization: `Bearer ${TOKEN}` } })
    const byProtocol = await openSocket(url, '', { protocols: ['arawn.v1', `bearer.${TOKEN}`] })
    expect(byProtocol.socket.protocol).toBe('arawn.v1')
    for (const client of [byHeader, byProtocol]) expect(await client.next()).toMatchObject({ what: 'subscribe' })
    const byMessage = await openSocket(url, '', { protocols: ['arawn.v1'] })
    expect(await byMessage.ask({ type: 'authenticate', token: TOKEN })).toMatchObject({ what: 'authenticate' })
    expect(await byMessage.next()).toMatchObject({ what: 'subscribe', workstream_id: null })
    expect(log.join('')).not.toContain(TOKEN)
  })

  it('is turned away with another token, wherever it stands', async () => {
    const { url } = await startServer({ env: withToken })
    for (const options of [
      { headers: { authorization: `Bearer ${TOKEN}x` } },
      { headers: { authorization: TOKEN } },
      { protocols: ['arawn.v1', 'bearer.nonsense-nonsense'] },
    ])
      await expect(openSocket(url, '', options)).rejects.toThrow('401')
    const wrong = await openSocket(url)
    expect(await wrong.ask({ type: 'authenticate', token: 'nonsense' })).toMatchObject({
      error: { code: 'UNAUTHORIZED' },
    })
    expect(await wrong.closed).toMatchObject({ code: 1008 })
    const hasty = await openSocket(url, `?token=${TOKEN}`)
    expect(await hasty.ask({ type: 'ping' })).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
    expect(await hasty.closed).toMatchObject({ code: 1008 })
  })

  it('has five seconds to say it, and hears nothing until then', async () => {
    const { url, ask } = await startServer({ env: withToken })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const silent = await openSocket(url)
    await ask('POST', 'workstreams', { body: { id: 'a' }, headers: { authorization: `Bearer ${TOKEN}` } })
    // The server has taken it by the time it answers another one.
    vi.advanceTimersByTime(5_001)
    vi.useRealTimers()
    expect(await silent.closed).toMatchObject({ code: 1008 })
    expect(silent.heard).toEqual([])
  })

  it('is no page of somebody else, and names a host that is ours', async () => {
    const { url } = await startServer({ env: { ARAWN_SERVER_ALLOWED_ORIGINS: 'https://mine.example' } })
    const from = (origin: string) => openSocket(url, '', { headers: { origin } })
    await expect(from('https://evil.example')).rejects.toThrow('403')
    await expect(from('null')).rejects.toThrow('403')
    await expect(openSocket(url, '', { headers: { host: 'evil.example' } })).rejects.toThrow('403')
    for (const origin of [url, 'https://mine.example']) expect((await from(origin)).socket.readyState).toBe(1)
  })
})

describe('what cannot be understood', () => {
  it('is answered, and the socket goes on', async () => {
    const { url, ask } = await startServer()
    const client = await openSocket(url)
    await client.next()
    const unreadable = [
      '',
      'no json',
      '{"type":',
      '[1]',
      'null',
      '7',
      '"chat"',
      '{}',
      '{"type":"fly"}',
      '{"type":["chat"]}',
    ]
    const wrong = [
      { type: 'chat' },
      { type: 'chat', message: ' ' },
      { type: 'push', content: 'where?' },
      { type: 'ping', more: 1 },
      { type: 'subscribe', since: 7 },
      { type: 'cancel', workstream: 'x'.repeat(201) },
      JSON.parse(`{"type":"push","workstream":"a","content":"x","metadata":${'['.repeat(500)}${']'.repeat(500)}}`),
    ]
    for (const message of [...unreadable, ...wrong]) {
      client.say(message)
      expect(await client.next(), JSON.stringify(message)).toMatchObject({
        type: 'error',
        error: { type: 'invalid', code: expect.stringMatching(/^(INVALID_INPUT|REQUEST_UNREADABLE)$/) },
      })
    }
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
    expect(await client.next()).toMatchObject({ error: { code: 'REQUEST_UNREADABLE' } })
    expect(await client.ask({ type: 'fly' })).toMatchObject({ type: 'error', error: { param: 'type' } })
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
    expect((await ask('GET', '/ws')).json.error.code).toBe('REQUEST_UNREADABLE')
  })

  it('is refused when it is too large, or too much', async () => {
    const { url } = await startServer({
      env: { ARAWN_SERVER_MAX_BODY_MB: '1', ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '6' },
    })
    const large = await openSocket(url)
    large.say({ type: 'push', workstream: 'scratch', content: 'x'.repeat(1_000_001) })
    expect(await large.closed).toMatchObject({ code: 1009 })
    const busy = await openSocket(url)
    await busy.next()
    for (let n = 0; n < 4; n++) expect(await busy.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
    expect(await busy.ask({ type: 'ping' })).toMatchObject({
      type: 'error',
      error: { code: 'RATE_LIMITED', retryable: true },
    })
  })
})

describe('a reader', () => {
  it('that does not read costs little, and has missed nothing when it reads again', async () => {
    const server = await startServer({ env: { ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '0' } })
    await server.ask('POST', 'workstreams', { body: { id: 'a' } })
    const [slow, quick] = [await openSocket(server.url, '?workstream=a'), await openSocket(server.url, '?workstream=a')]
    for (const client of [slow, quick]) await client.next()
    // Both go with the others before one of them falls behind.
    await push(quick, 'first')
    await slow.until(isMessage)
    slow.socket.pause()
    const content = 'x'.repeat(500_000)
    let most = 0
    for (let n = 0; n < 60; n++) {
      await push(quick, `${n} ${content}`)
      if (n % 10 === 9) most = Math.max(most, await waitingBytes(server))
    }
    expect(most).toBeGreaterThan(100_000)
    expect(most).toBeLessThan(2_000_000)
    slow.socket.resume()
    const heard = await slow.until(({ message }) => message?.content.startsWith('59 ') === true)
    expect(heard.map(({ message }) => message.content.split(' ')[0])).toEqual(
      Array.from({ length: 60 }, (_, n) => String(n)),
    )
    await push(quick, 'last')
    expect((await slow.until(isMessage)).at(-1).message.content).toBe('last')
  })

  it('that asks without end and takes no answer is not read any more', async () => {
    const server = await startServer({ env: { ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '0' } })
    const client = await openSocket(server.url)
    await client.next()
    client.socket.pause()
    const request_id = 'r'.repeat(200)
    for (let n = 0; n < 40_000; n++) client.say({ type: 'ping', request_id })
    // The server answers another one, so it has had its chance to read.
    for (let n = 0; n < 20; n++) expect(await waitingBytes(server)).toBeLessThan(2_000_000)
    client.socket.resume()
    while (client.heard.length < 40_001) await once(client.socket, 'message')
  })

  it('that gives no sign of life is let go', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const server = await startServer()
    const [dead, alive] = [await openSocket(server.url, '', { autoPong: false }), await openSocket(server.url)]
    for (const client of [dead, alive]) await client.next()
    for (let beat = 0; beat < 3; beat++) {
      const pinged = once(alive.socket, 'ping')
      vi.advanceTimersByTime(20_000)
      await pinged
      await alive.ask({ type: 'ping' })
    }
    expect(await dead.closed).toMatchObject({ code: 1006 })
    expect(await alive.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
    expect(await gauge(server, 'arawn_sockets_open')).toBe(1)
    alive.socket.close()
    await alive.closed
    expect(await gauge(server, 'arawn_sockets_open')).toBe(0)
    expect(await gauge(server, 'arawn_http_requests_under_way')).toBe(1)
  })
})

const isMessage = ({ type }: { type: string }) => type === 'message.created'

async function push(client: SocketClient, content: string): Promise<void> {
  expect(await client.ask({ type: 'push', workstream: 'a', content })).toMatchObject({ type: 'accepted' })
}

const waitingBytes = (server: TestServer) => gauge(server, 'arawn_sockets_waiting_bytes')

async function gauge({ ask }: TestServer, name: string): Promise<number> {
  const line = (await ask('GET', '/metrics')).text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ')[1])
}
