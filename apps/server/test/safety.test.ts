import { request } from 'node:http'
import { connect } from 'node:net'
import { routes } from '@arawn/core/protocol'
import { describe, expect, it } from 'vitest'
import { startServer } from './start-server.js'

const TOKEN = 'a-token-of-some-length'
const withToken = { ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: TOKEN }

describe('a token', () => {
  it('is wanted by everything but the two addresses for those that watch over processes', async () => {
    const { ask } = await startServer({ env: withToken })
    for (const { method, path } of Object.values(routes)) {
      const answer = await ask(method, path.slice(1).replace(/:\w+/g, 'x'))
      expect([answer.status, answer.json.error.code], path).toEqual([401, 'UNAUTHORIZED'])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
    for (const path of ['/metrics', '/openapi.json', '/docs', '/nothing'])
      expect((await ask('GET', path)).status).toBe(401)
    for (const path of ['/healthz', '/readyz']) expect((await ask('GET', path)).status).toBe(200)
    for (const authorization of [TOKEN, `Basic ${TOKEN}`, 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`])
      expect((await ask('GET', 'workstreams', { headers: { authorization } })).status, authorization).toBe(401)
    expect((await ask('GET', 'workstreams', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200)
    expect((await ask('GET', `workstreams?token=${TOKEN}`)).status).toBe(401)
  })

  it('is needed to listen to others, and has to be one', async () => {
    const listensTo = (env: Record<string, string>) => startServer({ env: { ARAWN_SERVER_HOST: '0.0.0.0', ...env } })
    await expect(listensTo({})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { key: 'server.auth_token_env' },
    })
    await expect(listensTo({ ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN' })).rejects.toThrow('not set')
    await expect(listensTo({ ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: 'short' })).rejects.toThrow('shorter')
  })

  it('stands in no log and no answer, and neither does what was said', async () => {
    const { ask, log } = await startServer({ env: { ...withToken, ARAWN_SERVER_LOG_LEVEL: 'debug' } })
    const headers = { authorization: `Bearer ${TOKEN}` }
    const secret = 'my-secret-words'
    await ask('POST', 'workstreams/scratch/messages', { body: { content: secret }, headers })
    await ask('GET', `search?q=${secret}`, { headers })
    await ask('GET', `workstreams/scratch/context?message=${secret}`, { headers })
    const metrics = await ask('GET', '/metrics', { headers })
    const told = `${log.join('')}${metrics.text}`
    expect(told).toContain('/api/v1/search')
    expect(told).not.toContain(secret)
    expect(told).not.toContain(TOKEN)
  })
})

describe('a page of somebody else', () => {
  it('is not answered by a name that was rebound to this machine', async () => {
    const { url } = await startServer()
    expect(await statusOf(url, { host: 'evil.example' })).toBe(403)
    expect(await statusOf(url, { host: 'localhost:1' })).toBe(200)
    const named = await startServer({ env: { ARAWN_SERVER_ALLOWED_HOSTS: 'arawn.example, other.example' } })
    expect(await statusOf(named.url, { host: 'other.example' })).toBe(200)
  })

  it('can write nothing, unless its origin is allowed', async () => {
    const { ask, url } = await startServer({ env: { ARAWN_SERVER_ALLOWED_ORIGINS: 'https://mine.example' } })
    const from = (origin: string) => ask('POST', 'workstreams', { body: { title: 'x' }, headers: { origin } })
    expect((await from('https://evil.example')).status).toBe(403)
    expect((await from('null')).status).toBe(403)
    expect((await from('https://mine.example')).status).toBe(201)
    expect((await from(url)).status).toBe(201)
    // Without CORS a browser keeps the answer from it.
    expect(
      (await ask('GET', 'workstreams', { headers: { origin: 'https://evil.example' } })).headers.has(
        'access-control-allow-origin',
      ),
    ).toBe(false)
  })
})

describe('a page of an origin that is allowed', () => {
  const origin = 'https://mine.example'
  const env = { ...withToken, ARAWN_SERVER_ALLOWED_ORIGINS: `${origin}, https://other.example` }

  it('reads what it asks for, refusals included', async () => {
    const { ask } = await startServer({ env })
    const preflight = await ask('OPTIONS', 'workstreams/a', {
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers':
          'authorization,content-type,if-match,idempotency-key,last-event-id,x-stainless-lang',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase()
    for (const header of [
      'authorization',
      'content-type',
      'if-match',
      'idempotency-key',
      'last-event-id',
      'x-stainless-lang',
    ])
      expect(allowed).toContain(header)

    const authorization = `Bearer ${TOKEN}`
    const made = await ask('POST', 'workstreams', { body: { id: 'a' }, headers: { origin, authorization } })
    const refused = await ask('GET', 'workstreams/a', { headers: { origin } })
    expect([made.status, refused.status]).toEqual([201, 401])
    for (const { headers } of [made, refused]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      const exposed = headers.get('access-control-expose-headers')
      for (const header of ['ETag', 'Idempotent-Replayed', 'Retry-After', 'X-Request-Id'])
        expect(exposed).toContain(header)
    }
    expect(made.headers.get('vary')).toContain('Origin')
  })

  it('is the only one: others read nothing and write nothing', async () => {
    const { ask } = await startServer({ env })
    for (const evil of ['https://evil.example', 'https://mine.example.evil.example', 'http://mine.example', 'null']) {
      const headers = { origin: evil, authorization: `Bearer ${TOKEN}`, 'access-control-request-method': 'POST' }
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const answer = await ask(method, 'workstreams', { headers, ...(method === 'POST' && { body: {} }) })
        expect(answer.headers.has('access-control-allow-origin'), `${method} ${evil}`).toBe(false)
        if (method === 'POST') expect(answer.status).toBe(403)
      }
    }
  })
})

describe('a connection that asks for nothing', () => {
  it('does not keep the server from stopping', async () => {
    const server = await startServer()
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('connect', resolve))
    // One behind it was answered, so the server knows of it.
    await server.ask('GET', '/healthz')
    await server.stop()
    await closed
  })
})

describe('too much', () => {
  it('is refused for a while', async () => {
    const { ask } = await startServer({ env: { ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '3' } })
    for (let n = 0; n < 3; n++) expect((await ask('GET', 'workstreams')).status).toBe(200)
    const answer = await ask('GET', 'workstreams')
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'RATE_LIMITED', retryable: true } } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask('GET', '/healthz')).status).toBe(200)
  })

  it('of a header closes the connection', async () => {
    const { url } = await startServer()
    expect(await statusOf(url, { 'x-long': 'x'.repeat(20_000) })).toBe(431)
  })
})

/** With headers that `fetch` does not let anybody set. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/api/v1/workstreams`, { headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}
