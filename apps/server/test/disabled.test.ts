import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { routes } from '@arawn/core/protocol'
import { describe, expect, it } from 'vitest'
import { openSocket } from './socket-client.js'
import { startProvider, startServer, tempDir } from './start-server.js'

describe('a server without workstreams', () => {
  const env = { ARAWN_WORKSTREAMS_ENABLED: 'false' }

  it('says so wherever one is asked for, and makes no data dir', async () => {
    const dataDir = join(tempDir(), 'never')
    const { ask, url, stop } = await startServer({ env, dataDir })
    for (const [name, { method, path }] of Object.entries(routes)) {
      if (name === 'chat' || name === 'listModels') continue
      const body = method === 'GET' ? {} : { body: { nonsense: true } }
      const answer = await ask(method, path.slice(1).replace(/:\w+/g, 'x'), body)
      expect([answer.status, answer.json.error.code], name).toEqual([404, 'WORKSTREAMS_DISABLED'])
    }
    expect((await ask('POST', 'chat', { body: { message: 'hi', workstream_id: 'x' } })).json.error.code).toBe(
      'WORKSTREAMS_DISABLED',
    )
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', 'models'])
      expect((await ask('GET', path)).status, path).toBe(200)
    const client = await openSocket(url)
    expect(await client.next()).toMatchObject({ type: 'error', error: { code: 'WORKSTREAMS_DISABLED' } })
    await stop()
    expect(existsSync(dataDir)).toBe(false)
  })

  it('answers what is said, and remembers nothing of it', async () => {
    const provider = await startProvider([{ text: ['Hel', 'lo'] }, { refuses: 'bad_key' }, { text: ['Hel', 'lo'] }])
    const { ask, url } = await startServer({ env, provider })
    const answered = await ask('POST', 'chat', { body: { message: 'one' } })
    expect(answered.json).toMatchObject({
      turn: { status: 'ok', model: 'test/scripted' },
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'Hello' },
      ],
    })
    expect((await ask('POST', 'chat', { body: { message: 'two' } })).json.turn).toMatchObject({
      status: 'error',
      error: 'MODEL_AUTH',
    })
    const client = await openSocket(url)
    const accepted = await client.ask({ type: 'chat', message: 'three', stream: true })
    expect(accepted).toMatchObject({ what: 'chat', message: { content: 'three' } })
    const told = await client.until(({ type }) => type === 'turn.completed')
    expect(told.map(({ type }) => type).filter((type) => type !== 'turn.delta')).toEqual([
      'turn.started',
      'message.created',
      'turn.completed',
    ])
    expect(JSON.stringify(provider.requests[2]?.body)).not.toContain('one')
  })
})
