import { serverMessageSchema } from '@arawn/core/socket-message'
import { describe, expect, it } from 'vitest'
import { openSocket, type Said } from './socket-client.js'
import { startProvider, startServer, tempDir } from './start-server.js'

describe('a socket', () => {
  it('tells what happens everywhere, in the words of the feed, and goes on behind the last event seen', async () => {
    const dataDir = tempDir()
    const before = await startServer({ dataDir })
    const client = await openSocket(before.url, '?since=0')
    expect(await client.next()).toEqual({ type: 'accepted', what: 'subscribe', workstream_id: null })
    await before.ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    await before.ask('POST', 'workstreams/a/messages', { body: { content: 'one' } })
    const seen = await client.until(({ type }) => type === 'message.created')
    expect(seen.map(({ type }) => type)).toEqual(['workstream.created', 'session.opened', 'message.created'])
    await before.stop()
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server stops' })

    const after = await startServer({ dataDir })
    await after.ask('POST', 'workstreams/a/messages', { body: { content: 'two' } })
    const again = await openSocket(after.url, `?workstream=A&since=${encodeURIComponent(seen.at(-1).id)}`)
    expect(await again.next()).toMatchObject({ what: 'subscribe', workstream_id: 'a' })
    const rest = await again.until(({ message }) => message?.content === 'two')
    expect(rest.map(({ type }) => type)).toEqual(['session.closed', 'session.opened', 'message.created'])
    for (const said of [...client.heard, ...again.heard]) serverMessageSchema.parse(said)
  })

  it('has the answer that is being given in it, and what was said so far for who comes late', async () => {
    const { url, provider, speakOn } = await heldServer()
    const early = await openSocket(url, '?workstream=scratch')
    await early.next()
    const accepted = await early.ask({ type: 'chat', message: 'hi' })
    expect(accepted).toMatchObject({ type: 'accepted', what: 'chat', workstream_id: 'scratch', replayed: false })
    await early.until(({ type }) => type === 'turn.delta')
    const late = await openSocket(url, '?workstream=scratch')
    expect((await late.until(({ type }) => type === 'turn.delta')).at(-1)).toMatchObject({ text: 'Hel', so_far: true })
    expect(provider.requests).toHaveLength(1)
    speakOn()
    for (const client of [early, late]) {
      await client.until(({ type }) => type === 'turn.completed')
      expect(textHeard(client.heard)).toBe('Hello')
      const durable = client.heard.filter(({ id }) => id !== undefined)
      expect(new Set(durable.map(({ id }) => id)).size).toBe(durable.length)
    }
    expect(early.heard.filter(({ type }) => type === 'message.created').map(({ message }) => message.content)).toEqual([
      'hi',
      'Hello',
    ])
  })

  it('takes pushes, which are done once for one key, and answers each message under its name', async () => {
    const { url, ask } = await startServer()
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    const client = await openSocket(url)
    const push = { type: 'push', workstream: 'a', content: 'built', author: 'ci', idempotency_key: 'k' }
    const first = await client.ask(push)
    expect(first).toMatchObject({ what: 'push', replayed: false, message: { role: 'agent_push', author: 'ci' } })
    expect(await client.ask(push)).toMatchObject({ replayed: true, message: first.message })
    expect(await client.ask({ ...push, content: 'other' })).toMatchObject({
      type: 'error',
      error: { code: 'IDEMPOTENCY_KEY_REUSED', type: 'conflict' },
    })
    expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
    expect((await ask('GET', 'workstreams/a/messages')).json.data).toHaveLength(1)
  })

  it('tells a turn from its beginning to who asks with `stream`, and to who asks again with the same key', async () => {
    const { url, ask, provider, speakOn } = await heldServer()
    await ask('POST', 'workstreams', { body: { id: 'other' } })
    const chat = { type: 'chat', message: 'hi', stream: true, idempotency_key: 'k' }
    const first = await openSocket(url, '?workstream=other')
    const { interaction_id } = await first.ask(chat)
    await first.until(({ type }) => type === 'turn.delta')
    const second = await openSocket(url, '?workstream=other')
    expect(await second.ask(chat)).toMatchObject({ interaction_id, replayed: true })
    expect((await second.until(({ type }) => type === 'turn.delta')).at(-1)).toMatchObject({ text: 'Hel' })
    speakOn()
    for (const client of [first, second]) {
      await client.until(({ type }) => type === 'turn.completed')
      const told = client.heard.filter(({ type, request_id }) => type !== 'accepted' && request_id !== undefined)
      expect(told[0]).toMatchObject({ type: 'turn.started', interaction_id, message: { content: 'hi' } })
      expect(textHeard(told)).toBe('Hello')
    }
    expect(await (await openSocket(url, '?workstream=other')).ask(chat)).toMatchObject({
      interaction_id,
      replayed: true,
    })
    expect(provider.requests).toHaveLength(1)
    first.say(chat)
    expect(await first.next()).toMatchObject({ type: 'error', error: { param: 'request_id' } })
  })

  it('goes away without a turn; `cancel` stops one', async () => {
    const { url, ask, speakOn } = await heldServer()
    const gone = await openSocket(url)
    const { interaction_id } = await gone.ask({ type: 'chat', message: 'hi' })
    await gone.until(({ type }) => type === 'turn.delta')
    gone.socket.close()
    await gone.closed
    const client = await openSocket(url)
    expect(await client.ask({ type: 'chat', message: 'and?' })).toMatchObject({ error: { code: 'WORKSTREAM_BUSY' } })
    speakOn()
    await client.until(({ type }) => type === 'turn.completed')
    const messages = (await ask('GET', 'workstreams/scratch/messages')).json.data
    expect(messages.map(({ content }: Said) => content)).toEqual(['hi', 'Hello'])
    expect(messages[1].interaction_id).toBe(interaction_id)

    const second = await client.ask({ type: 'chat', message: 'wait', if_busy: 'queue' })
    expect(await client.ask({ type: 'cancel', workstream: 'scratch' })).toMatchObject({
      what: 'cancel',
      cancelled: true,
    })
    const ended = await client.until(({ type }) => type === 'turn.cancelled')
    expect(ended.at(-1).record.interaction_id).toBe(second.interaction_id)
    expect(await client.ask({ type: 'cancel', workstream: 'scratch' })).toMatchObject({ cancelled: false })
  })

  it('follows what it is asked to, from where it is asked to', async () => {
    const { url, ask } = await startServer()
    for (const id of ['a', 'b', 'c']) await ask('POST', 'workstreams', { body: { id } })
    const client = await openSocket(url, '?workstream=a')
    await client.next()
    expect(await client.ask({ type: 'subscribe', workstream: 'b', since: '0' })).toMatchObject({ workstream_id: 'b' })
    expect(await client.next()).toMatchObject({ type: 'workstream.created', workstream_id: 'b' })
    for (const id of ['c', 'a', 'b']) await client.ask({ type: 'push', workstream: id, content: `to ${id}` })
    await client.until(({ message }) => message?.content === 'to b')
    expect(pushed(client.heard)).toEqual(['to a', 'to b'])

    await client.ask({ type: 'subscribe', workstream: 'c', replace: true })
    for (const id of ['a', 'c']) await client.ask({ type: 'push', workstream: id, content: `again to ${id}` })
    await client.until(({ type, message }) => type === 'message.created' && message.content === 'again to c')
    await client.ask({ type: 'subscribe' })
    await client.ask({ type: 'push', workstream: 'a', content: 'to all' })
    await client.until(({ type, message }) => type === 'message.created' && message.content === 'to all')
    expect(pushed(client.heard)).toEqual(['to a', 'to b', 'again to c', 'to all'])

    expect(await client.ask({ type: 'subscribe', workstream: 'none' })).toMatchObject({
      error: { code: 'WORKSTREAM_NOT_FOUND' },
    })
    expect(await client.ask({ type: 'subscribe', since: 'yesterday' })).toMatchObject({ error: { param: 'since' } })
    const lost = await openSocket(url, '?workstream=none')
    expect(await lost.next()).toMatchObject({ type: 'error', error: { code: 'WORKSTREAM_NOT_FOUND' } })
    expect(await lost.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
  })
})

/** A model that says "Hel", and "lo" when it may go on. */
async function heldServer() {
  let speakOn = () => {}
  const held = new Promise<void>((resolve) => (speakOn = resolve))
  const provider = await startProvider([
    { text: ['Hel', 'lo'], before: async (piece) => (piece.includes('"lo"') ? held : undefined) },
    { text: ['Hel', 'lo'], before: async (piece) => (piece.includes('"lo"') ? new Promise(() => {}) : undefined) },
  ])
  const server = await startServer({ provider })
  return { ...server, provider, speakOn }
}

/** Pieces of an answer, as a client puts them together. */
function textHeard(heard: readonly Said[]): string {
  let text = ''
  for (const said of heard) if (said.type === 'turn.delta') text = said.so_far === true ? said.text : text + said.text
  return text
}

function pushed(heard: readonly Said[]): string[] {
  return heard
    .filter(({ type, id }) => type === 'message.created' && id !== undefined)
    .map(({ message }) => message.content)
}
