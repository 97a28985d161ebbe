import { join } from 'node:path'
import { loadSettings } from '@arawn/config/load-settings'
import { silentLogger } from '@arawn/core/logger'
import { serverMessageSchema } from '@arawn/core/socket-message'
import { openManager } from '@arawn/server/compose'
import { eventsInLogs } from '@arawn/testkit/logged-events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ReadEvent, readEvents } from './event-reader.js'
import { openSocket } from './socket-client.js'
import { startProvider, startServer, tempDir } from './start-server.js'

describe('the feed', () => {
  it('tells all that happened and all that happens, also in other processes', async () => {
    const server = await startServer()
    await server.ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    const events = readEvents(server.url, 'events?since=0')
    expect(await take(events, 1)).toMatchObject([{ type: 'workstream.created', data: { workstream_id: 'a' } }])
    const other = await anotherHandle(server.dataDir)
    await other.sendMessage({ workstream: 'a', content: 'from elsewhere' })
    expect(await take(events, 2)).toMatchObject([
      { type: 'session.opened' },
      { type: 'message.created', data: { message: { content: 'from elsewhere' } } },
    ])
    await server.ask('POST', 'workstreams/a/push', { body: { content: 'pushed', author: 'cron' } })
    expect(await take(events, 1)).toMatchObject([{ data: { message: { role: 'agent_push', author: 'cron' } } }])
  })

  it('goes on behind the last event seen, whatever was restarted: nothing is missed and nothing comes twice', async () => {
    const dataDir = tempDir()
    const seen: ReadEvent[] = []
    const other = await anotherHandle(dataDir)
    await other.createWorkstream({ id: 'a' })
    for (let round = 0; round < 3; round++) {
      const server = await startServer({ dataDir })
      const lastId = seen.at(-1)?.id
      const events = readEvents(server.url, 'workstreams/a/events?since=0', {
        headers: lastId === undefined ? {} : { 'last-event-id': lastId },
      })
      await other.sendMessage({ workstream: 'a', content: `while it runs ${round}` })
      await server.ask('POST', 'workstreams/a/messages', { body: { content: `through it ${round}` } })
      // It is left in the middle, as a cut line leaves it.
      for await (const event of events) {
        seen.push(event)
        if (event.data.message?.content === `while it runs ${round}`) break
      }
      await server.stop()
      await other.sendMessage({ workstream: 'a', content: `while it is down ${round}` })
    }
    const server = await startServer({ dataDir })
    const rest = readEvents(server.url, 'events', { headers: { 'last-event-id': seen.at(-1)?.id ?? '' } })
    const expected = eventsInLogs(join(dataDir, 'workstreams'))
    seen.push(...(await take(rest, expected.length - seen.length)))
    const told = seen.map(
      ({ data: { stamp, workstream_id, type, message } }) =>
        `${stamp} ${workstream_id} ${type} ${message?.content ?? ''}`,
    )
    expect(told).toEqual(expected)
  })

  it('has the answers that are being given in it, piece by piece, and what was said so far for who comes late', async () => {
    let speakOn = () => {}
    const held = new Promise<void>((resolve) => (speakOn = resolve))
    const provider = await startProvider([
      { text: ['Hel', 'lo'], before: async (piece) => (piece.includes('"lo"') ? held : undefined) },
    ])
    const { url, ask } = await startServer({ provider })
    await ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    const early = readEvents(url, 'workstreams/a/events')
    const turn = ask('POST', 'workstreams/a/messages', { body: { content: 'hi', respond: true } })
    const heard = await until(early, ({ type }) => type === 'turn.delta')
    expect(heard.map(({ type }) => type)).toEqual(['session.opened', 'message.created', 'turn.started', 'turn.delta'])
    expect(heard.at(-1)).toMatchObject({ id: undefined, data: { text: 'Hel', so_far: true } })

    const late = readEvents(url, 'workstreams/a/events')
    expect(await take(late, 1)).toMatchObject([{ type: 'turn.delta', data: { text: 'Hel', so_far: true } }])
    speakOn()
    await turn
    for (const reader of [early, late]) {
      const rest = await until(reader, ({ type }) => type === 'turn.completed')
      expect(rest.map(({ type }) => type)).toEqual(['turn.delta', 'message.created', 'turn.completed'])
      expect(rest[0]?.data).toMatchObject({ text: 'lo' })
      expect(rest[0]?.data.so_far).toBeUndefined()
      expect(rest[1]?.data.message.content).toBe('Hello')
    }
  })

  it('says what is being compressed, and when that is over', async () => {
    // Nobody but this test compresses.
    const { url, ask } = await startServer({ env: { ARAWN_WORKSTREAM_COMPRESSION_ENABLED: 'false' } })
    await ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    for (let n = 0; n < 12; n++)
      await ask('POST', 'workstreams/a/messages', {
        body: { content: `We decided ${n} to keep src/part-${n}.ts at last.` },
      })
    const session = (await ask('POST', 'workstreams/a/sessions/active/end')).json.id
    const events = readEvents(url, 'workstreams/a/events?since=0')
    await until(events, ({ type }) => type === 'session.closed')
    const socket = await openSocket(url, '?workstream=a')
    await socket.next()
    const made = (await ask('POST', 'workstreams/a/compress', { body: { wait: true } })).json.made
    expect(made.length).toBeGreaterThan(0)
    const [summary] = made
    const heard = await until(events, ({ type }) => type === 'compression.completed')
    expect(heard[0]).toMatchObject({ id: undefined, type: 'compression.started', data: { kind: 'session' } })
    const completed = { kind: 'session', session_id: session, summary_id: summary.summary.id, problem: null }
    expect(heard.at(-1)?.data).toMatchObject({ workstream_id: 'a', reason: 'manual', ...completed })
    await socket.until(({ type }) => type === 'compression.started')
    const over = await socket.until(({ type }) => type === 'compression.completed')
    expect(over.at(-1)).toMatchObject(completed)
    for (const said of socket.heard) serverMessageSchema.parse(said)
  })

  it('answers before a stream begins that there is no such workstream, or no such place', async () => {
    const { ask } = await startServer()
    expect(await ask('GET', 'workstreams/nope/events')).toMatchObject({ status: 404 })
    expect(await ask('GET', 'events?since=yesterday')).toMatchObject({
      status: 422,
      json: { error: { param: 'since' } },
    })
  })

  it('ends when the server stops', async () => {
    const server = await startServer()
    const events = readEvents(server.url, 'events')
    const next = events.next()
    await server.ask('GET', '/healthz')
    await server.stop()
    expect(await next).toEqual({ done: true, value: undefined })
  })
})

async function anotherHandle(dataDir: string) {
  const settings = loadSettings({ env: { ARAWN_DATA_DIR: dataDir }, cwd: '/', homeDir: '/', readFile: () => undefined })
  const manager = await openManager(settings, {}, silentLogger)
  onTestFinished(() => manager.close())
  return manager
}

async function take(events: AsyncIterator<ReadEvent>, count: number): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`the stream ended behind ${taken.length} of ${count}`)
    taken.push(value)
  }
  return taken
}

async function until(events: AsyncIterator<ReadEvent>, isLast: (event: ReadEvent) => boolean): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = []
  do taken.push(...(await take(events, 1)))
  while (!isLast(taken.at(-1) as ReadEvent))
  return taken
}
