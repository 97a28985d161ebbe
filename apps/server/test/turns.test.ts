import { turnStreamEventSchema } from '@arawn/core/wire-event'
import { describe, expect, it } from 'vitest'
import { type ReadEvent, readEvents } from './event-reader.js'
import { startProvider, startServer } from './start-server.js'

describe('a turn over HTTP', () => {
  it('answers, and the next one is told what was said', async () => {
    const provider = await startProvider([{ text: ['At seven.'] }])
    const { ask } = await startServer({ provider })
    const first = await ask('POST', 'chat', { body: { message: 'when does the harbour open?' } })
    expect(first).toMatchObject({ status: 200, json: { turn: { status: 'ok', workstream_id: 'scratch' } } })
    expect(first.json.messages.map(({ content }: { content: string }) => content)).toEqual([
      'when does the harbour open?',
      'At seven.',
    ])
    await ask('POST', 'workstreams/scratch/messages', { body: { content: 'sure?', respond: true } })
    const sent = provider.requests.at(-1)?.body.messages as { role: string; content: unknown }[]
    expect(JSON.stringify(sent)).toContain('At seven.')
    expect(sent.at(-1)).toMatchObject({ role: 'user' })
  })

  it('goes on when whoever asked has gone, and can be heard from its beginning', async () => {
    let speakOn = () => {}
    const held = new Promise<void>((resolve) => (speakOn = resolve))
    const provider = await startProvider(async () => {
      await held
      return { text: ['late, but here'] }
    })
    const { ask, url } = await startServer({ provider })
    const leave = new AbortController()
    let turn = ''
    for await (const { data } of readEvents(url, 'chat', {
      body: { message: 'hi', stream: true },
      signal: leave.signal,
    })) {
      turn = data.interaction_id
      break
    }
    leave.abort()
    const listening = collect(
      readEvents(url, `workstreams/scratch/turns/${turn}`, { headers: { accept: 'text/event-stream' } }),
    )
    speakOn()
    const heard = await listening
    expect(heard.map(({ type }) => type)).toEqual(['turn.started', 'turn.delta', 'message.created', 'turn.completed'])
    expect(await ask('GET', `workstreams/scratch/turns/${turn}`)).toMatchObject({
      json: { turn: { status: 'ok' }, messages: [{ content: 'hi' }, { content: 'late, but here' }] },
    })
  })

  it('says where it goes on when the model has moved it out of scratch', async () => {
    const proposal = (id: string, more: object) => ({
      calls: [{ id, name: 'promote_scratch', arguments: { title: 'Bridges', ...more } }],
    })
    const provider = await startProvider([
      proposal('c1', {}),
      { text: ['Shall I?'] },
      proposal('c2', { agreed: true }),
      { text: ['It moves now.'] },
    ])
    const { ask, url } = await startServer({ provider })
    await ask('POST', 'chat', { body: { message: 'about bridges' } })
    const heard = await collect(readEvents(url, 'chat', { body: { message: 'yes, move it', stream: true } }))
    const events = heard.map(({ data }) => turnStreamEventSchema.parse(data))
    const moved = events.find(({ type }) => type === 'turn.promoted')
    expect(moved).toMatchObject({ workstream: { title: 'Bridges', message_count: 8 }, messages: 8 })
    expect(events.at(-1)?.type).toBe('turn.completed')
    const found = await ask('GET', 'workstreams/bridges/messages')
    expect(JSON.stringify(found.json)).toContain('yes, move it')
  })

  it('is stopped by whoever asks for that, and keeps what came', async () => {
    const provider = await startProvider([{ text: ['one '], ending: 'silence' }])
    const { ask, url } = await startServer({ provider })
    const events = readEvents(url, 'chat', { body: { message: 'count', stream: true } })
    let turn = ''
    for await (const { type, data } of events) {
      if (type === 'turn.started') turn = data.interaction_id
      if (type === 'turn.delta') {
        const busy = await ask('POST', 'chat', { body: { message: 'me too' } })
        expect(busy).toMatchObject({ status: 409, json: { error: { code: 'WORKSTREAM_BUSY', retryable: true } } })
        expect((await ask('POST', `workstreams/scratch/turns/${turn}/cancel`)).json).toEqual({ cancelled: true })
      }
      if (type === 'turn.cancelled') expect(data.turn.status).toBe('cancelled')
    }
    const { json } = await ask('GET', 'workstreams/scratch/messages')
    expect(json.data.at(-1)).toMatchObject({ role: 'assistant', content: 'one ' })
  })

  it('is done once for one key, however often it is asked for, and says so', async () => {
    const provider = await startProvider([{ text: ['once'] }])
    const { ask, url } = await startServer({ provider })
    const headers = { 'idempotency-key': 'a' }
    const first = await ask('POST', 'chat', { body: { message: 'hi' }, headers })
    const again = await ask('POST', 'chat', { body: { message: 'hi' }, headers })
    expect(again.json).toEqual(first.json)
    expect([first, again].map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    const heard = await collect(readEvents(url, 'chat', { body: { message: 'hi', stream: true }, headers }))
    expect(heard.at(-1)).toMatchObject({ type: 'turn.completed' })
    const other = await ask('POST', 'chat', { body: { message: 'ho' }, headers })
    expect(other).toMatchObject({ status: 422, json: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } })
    expect(provider.requests).toHaveLength(1)
  })

  it('tells what a provider refuses, with the status of a gateway', async () => {
    const provider = await startProvider([{ refuses: 'bad_key' }])
    const { ask } = await startServer({ provider })
    const answer = await ask('POST', 'chat', { body: { message: 'hi' } })
    // The turn is over and on disk: its failure is its answer.
    expect(answer).toMatchObject({ status: 200, json: { turn: { status: 'error', error: 'MODEL_AUTH' } } })
  })
})

async function collect(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const all: ReadEvent[] = []
  for await (const event of events) all.push(event)
  return all
}
