import type { TurnEvent } from '@arawn/core/turn-event'
import { describe, expect, it } from 'vitest'
import { events, failing, json, type Reply, startScriptedServer } from './scripted-server.js'

const told = (n: number) => ({
  id: `${n}`,
  data: { id: `${n}`, type: 'message.created', stamp: n, workstream_id: 'a' },
})
const delta = { data: { type: 'turn.delta', text: 'x' } }

describe('a subscription', () => {
  it('goes on behind the last event, over as many connections as it takes', async () => {
    const { client, asked } = await startScriptedServer([
      events([told(1), delta, told(2)], { cut: true }),
      () => {},
      failing(503, 'CLOSED'),
      events([]),
      events([told(3)]),
      events([told(4)], { cut: true }),
    ])
    const cursors: string[] = []
    for await (const { cursor } of client.subscribe({ since: '0' })) if (cursors.push(cursor) === 4) break
    expect(cursors).toEqual(['1', '2', '3', '4'])
    expect(asked.map(({ path }) => path.split('since=')[1])).toEqual(['0', '2', '2', '2', '2', '3'])
  })

  it('that began now goes on from then, though nothing was heard yet', async () => {
    const begun = Math.floor(Date.now() / 1_000) * 1_000_000
    const { client, asked } = await startScriptedServer([events([]), events([told(9)])])
    for await (const _ of client.subscribe()) break
    expect(asked[0]?.path).not.toContain('since')
    const since = Number(asked[1]?.path.split('since=')[1])
    expect(since).toBeGreaterThanOrEqual(begun)
    expect(since).toBeLessThanOrEqual(Date.now() * 1_000)
  })

  it.each([
    ['another page', (answer) => void answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    [
      'other events',
      (answer) => void answer.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: hi\n\n'),
    ],
  ] satisfies [string, Reply][])('says so when it gets %s', async (_, reply) => {
    const { client, asked } = await startScriptedServer([reply])
    await expect(client.subscribe().next()).rejects.toMatchObject({ code: 'SERVER_ANSWER_UNREADABLE' })
    expect(asked).toHaveLength(1)
  })

  it('fails at what does not pass', async () => {
    const { client } = await startScriptedServer([events([told(1)]), failing(401, 'UNAUTHORIZED')])
    const following = async () => {
      for await (const _ of client.subscribe());
    }
    await expect(following()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})

const user = { id: 'msg_u', role: 'user', content: 'hi', session_id: 'ses_1', interaction_id: 'int_1', sequence: 1 }
const assistant = { ...user, id: 'msg_a', role: 'assistant', content: 'At seven.', sequence: 2 }
const started = { data: { type: 'turn.started', workstream_id: 'a', interaction_id: 'int_1', message: user } }
const said = (text: string) => ({ data: { type: 'turn.delta', text } })
const written = { data: { type: 'message.created', message: assistant } }
const ended = { data: { type: 'turn.completed', turn: { interaction_id: 'int_1', status: 'ok' } } }

describe('a turn', () => {
  it('is heard whole over connections that are cut: each event once, each letter once', async () => {
    const { client, asked } = await startScriptedServer([
      events([], { cut: true }),
      events([started, said('At ')], { cut: true }),
      failing(503, 'CLOSED'),
      events([started, said('At s')], { cut: true }),
      events([started, said('A'), said('t sev')], { cut: true }),
      events([started, said('At seven.'), written], { cut: true }),
      events([started, said('At seven.'), written, ended]),
    ])
    const turn = await client.chat({ content: 'hi' })
    const heard: TurnEvent[] = []
    for await (const event of turn.events()) heard.push(event)
    expect(heard.map((event) => (event.type === 'turn.delta' ? event.text : event.type)).join('|')).toMatch(
      /^turn\.started\|(A|t|s|e|v|n| |\.|\|)+\|message\.created\|turn\.completed$/,
    )
    expect(heard.map((event) => (event.type === 'turn.delta' ? event.text : '')).join('')).toBe('At seven.')
    expect((await turn.ended).status).toBe('ok')
    expect(asked.map(({ method, path }) => `${method} ${path.slice(7)}`)).toEqual([
      ...Array(2).fill('POST /chat'),
      ...Array(5).fill('GET /workstreams/a/turns/int_1'),
    ])
    expect(asked[1]?.headers['idempotency-key']).toBe(asked[0]?.headers['idempotency-key'])
  })

  it('whose end was said while nobody listened is heard to its last word', async () => {
    const { client } = await startScriptedServer([
      events([started, said('At ')], { cut: true }),
      events([started, written, ended]),
    ])
    const turn = await client.chat({ content: 'hi' })
    let text = ''
    for await (const event of turn.events()) if (event.type === 'turn.delta') text += event.text
    expect(text).toBe('At seven.')
  })

  it('is asked about again while it runs in another process', async () => {
    const { client } = await startScriptedServer([events([started]), events([started]), events([started, ended])])
    expect((await (await client.chat({ content: 'hi' })).ended).status).toBe('ok')
  })

  it('that is out of reach for too long is told to those who listen, behind what they heard', async () => {
    const { client } = await startScriptedServer([events([started, said('At ')], { cut: true }), () => {}], {
      patienceMs: 50,
    })
    const turn = await client.chat({ content: 'hi' })
    const heard: string[] = []
    const listening = async () => {
      for await (const { type } of turn.events()) heard.push(type)
    }
    await expect(listening()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    expect(heard).toEqual(['turn.started', 'turn.delta'])
    await expect(turn.ended).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
  })

  it('that is cancelled in passing has been told so before the client is closed', async () => {
    const silent: Reply = (answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${JSON.stringify(started.data)}\n\n`)
      return new Promise((resolve) => answer.once('close', resolve))
    }
    const { client, asked } = await startScriptedServer([silent, json({ cancelled: true })])
    const turn = await client.chat({ content: 'hi' })
    turn.cancel()
    await client.close()
    expect(asked.at(-1)?.path).toBe('/api/v1/workstreams/a/turns/int_1/cancel')
    await expect(turn.ended).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
