import { readFileSync } from 'node:fs'
import { createWorkstreamClient, type WorkstreamClient } from '@arawn/client/create-workstream-client'
import { loadSettings } from '@arawn/config/load-settings'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { openManager } from '@arawn/server/compose'
import type { ProviderScript } from '@arawn/testkit/scripted-provider'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProvider, startServer, type TestServer, type TestServerOptions } from './start-server.js'

interface Both {
  readonly server: TestServer
  readonly client: WorkstreamClient
  /** On the data dir of the server, as another process has it. */
  readonly manager: WorkstreamManager
}

async function both(options: TestServerOptions = {}): Promise<Both> {
  const server = await startServer(options)
  const client = clientOf(server)
  const { dataDir } = server
  const env = { ARAWN_DATA_DIR: dataDir }
  const settings = loadSettings({ env, cwd: dataDir, homeDir: dataDir, readFile: () => undefined })
  const manager = await openManager(settings, env, { info: () => {}, warn: () => {} })
  onTestFinished(() => manager.close())
  return { server, client, manager }
}

function clientOf({ url }: { url: string }, token?: string): WorkstreamClient {
  const client = createWorkstreamClient({ url, token, retries: 1 })
  onTestFinished(() => client.close())
  return client
}

const COUNT = 230
const imported = (count: number, size = 10) =>
  Array.from({ length: count }, (_, n) => ({
    key: String(n),
    role: 'user' as const,
    content: `message ${n} ${'é'.repeat(size)}`,
    timestamp: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
  }))

describe('a client', () => {
  it('reads what a manager on the same data dir reads', async () => {
    const { client, manager } = await both()
    await manager.createWorkstream({ id: 'a', title: 'Alpha', tags: ['x'], metadata: { some_key: { innerKey: 1 } } })
    const source = { format: 'mine', conversation_id: 'c' }
    await manager.importConversation({ source, into: 'a', messages: imported(COUNT) })
    for (const title of ['Beta', 'Gamma']) await manager.createWorkstream({ title })
    await manager.compress('a')
    await manager.sendMessage({ workstream: 'a', content: 'words to find', author: 'ada' })
    await manager.levelSearch({ withinMs: 5_000 })
    const middle = (await manager.listMessages('a', { around: 100, limit: 1 })).items[0]?.id
    const questions: ((each: WorkstreamManager) => Promise<unknown>)[] = [
      (each) => each.getWorkstream('alpha'),
      (each) => each.listWorkstreams(),
      (each) => each.listWorkstreams({ limit: 1, text: 'a', state: 'all' }),
      (each) => each.listWorkstreams({ tag: 'x' }),
      (each) => each.listMessages('a'),
      (each) => each.listMessages('a', { limit: 1_000 }),
      (each) => each.listMessages('a', { limit: 150, after: 20 }),
      (each) => each.listMessages('a', { limit: 150, before: 200 }),
      (each) => each.listMessages('a', { limit: 201, around: middle }),
      (each) => each.listMessages('a', { limit: 201, around: 3 }),
      (each) => each.listMessages('a', { limit: 2, around: COUNT }),
      (each) => each.listSessions('a', { newestFirst: true, limit: 1 }),
      (each) => each.listSummaries('a', { all: true }),
      (each) => each.listFacts('a'),
      (each) => each.explainContext('a', { message: 'and now?' }),
      (each) => each.searchMessages({ query: 'message', limit: 120, workstream: 'a', order: 'newest' }),
      (each) => each.searchMessages({ query: 'words', author: 'ada' }),
      (each) => each.searchMessages({ query: 'message', limit: 200 }).then(({ items }) => items),
      (each) => each.searchMessages({ query: `message ${'or '.repeat(3_000)}`, limit: 5 }),
      (each) => each.explainContext('a', { message: 'long '.repeat(5_000) }),
      (each) => each.searchMessages({ query: '!' }),
      (each) => each.stats(),
      (each) => each.stats('a'),
      (each) => each.listTrash(),
      (each) => each.listFailedTurns('a'),
      (each) => each.verify(),
      async (each) => collect(each.dumpIndex()),
      async (each) => (await collect(await each.exportText('a', 'markdown'))).join(''),
      async (each) => Buffer.concat(await collect(await each.exportNative('a'))).toString(),
    ]
    for (const question of questions) expect(await question(client), String(question)).toEqual(await question(manager))
    const refused: ((each: WorkstreamManager) => Promise<unknown>)[] = [
      (each) => each.getWorkstream('alpah'),
      (each) => each.getSession('a', 'nope'),
      (each) => each.listMessages('a', { limit: 5_000 }),
      (each) => each.listMessages('a', { after: 'msg_nope' }),
      (each) => each.sendMessage({ workstream: 'a', content: '\ud800' }),
      (each) => each.endSession('beta'),
      (each) => each.findInTrash('nope'),
      (each) => each.restoreTornTail('nope'),
      (each) => each.promote({ title: 'New' }),
      (each) => each.archiveWorkstream('scratch'),
    ]
    for (const question of refused) {
      const { code, message, details } = await failureOf(question(manager))
      expect(await failureOf(question(client)), String(question)).toMatchObject({ code, message, details })
    }
  })

  it('writes through the server, and repeats an answer for the same key', async () => {
    const { client, manager } = await both()
    const made = await client.createWorkstream({ id: 'a', title: 'Alpha', idempotency_key: 'k' })
    expect(await client.createWorkstream({ id: 'a', title: 'Alpha', idempotency_key: 'k' })).toEqual(made)
    expect(await client.updateWorkstream('a', { title: null, tags: ['t'], metadata: { k: 1 } })).toMatchObject({
      title: null,
      tags: ['t'],
      metadata: { k: 1 },
    })
    const sent = await client.sendMessage({ workstream: 'a', content: 'hi', metadata: { n: [1] }, author: 'ada' })
    expect((await manager.listMessages('a')).items).toEqual([sent])
    await client.pushAgentMessage({ workstream: 'a', content: 'done' })
    await client.sendMessage({ content: 'in passing' })
    const { workstream, messages } = await client.promote({ title: 'Out' })
    expect(workstream).toEqual(await manager.getWorkstream('out').then(({ active_session: _, ...each }) => each))
    expect(messages).toBe(1)
    expect(await client.forkWorkstream('a', { message: 1, title: 'Copy' })).toMatchObject({ message_count: 1 })
    expect((await client.pauseWorkstream('a')).state).toBe('paused')
    expect((await client.resumeWorkstream('a')).state).toBe('active')
    expect((await client.startSession('out')).status).toBe('active')
    expect((await client.endSession('out')).status).toBe('ended')
    const purged = await client.purgeWorkstream('a')
    expect(purged).toMatchObject({
      workstream: { id: 'a' },
      elsewhere: { promotedTo: [], forks: [expect.any(String)] },
    })
    expect(await client.listTrash()).toEqual(await manager.listTrash())
    expect(purged.trashed).toEqual(await manager.listTrash().then(([{ title: _, ...entry } = {} as never]) => entry))
    expect((await client.restoreFromTrash('a')).message_count).toBe(2)
    await client.purgeWorkstream('a')
    expect(await client.emptyTrash({ olderThanMs: 60_000 })).toEqual([])
    expect(await client.emptyTrash()).toMatchObject([{ workstreamId: 'a' }])
    expect(await client.rebuildIndex()).toMatchObject({ workstreams: 3, durationMs: expect.any(Number) })
    expect(await client.repair()).toEqual({ done: [], report: await manager.verify() })
    expect(await client.sweepIdleSessions()).toEqual([])
  })

  it('changes what it has looked at, and looks again when somebody was quicker', async () => {
    const { client, manager } = await both()
    await client.createWorkstream({ id: 'a', title: 'one' })
    const seen: (string | null)[] = []
    const check = ({ title }: { title: string | null }) => {
      seen.push(title)
      if (seen.length === 1) return void manager.updateWorkstream('a', { title: 'two' })
    }
    // The other one is on its way when the first look is over.
    await expect
      .poll(async () => {
        await client.updateWorkstream('a', { tags: ['mine'] }, { check })
        return seen.includes('two')
      })
      .toBe(true)
    const stop = new Error('not this one')
    const refuse = () => {
      throw stop
    }
    await expect(client.updateWorkstream('a', { title: 'three' }, { check: refuse })).rejects.toBe(stop)
    expect(await manager.getWorkstream('a')).toMatchObject({ title: 'two', tags: ['mine'] })
  })

  it('takes a long conversation in piece by piece, as if it was one', async () => {
    const { client, manager } = await both({ env: { ARAWN_SERVER_MAX_BODY_MB: '1' } })
    const input = { source: { format: 'mine', conversation_id: 'c' }, messages: imported(300, 10_000) }
    const report = await client.importConversation({ ...input, title: 'Long' })
    expect(report).toMatchObject({ created: true, added: 300, alreadyThere: 0, sessions: 1 })
    expect(report.workstream).toMatchObject({ title: 'Long', message_count: 300 })
    expect((await manager.listSessions(report.workstream.id)).items).toMatchObject([{ message_count: 300 }])
    expect(await client.importConversation(input)).toMatchObject({ created: false, added: 0, alreadyThere: 300 })
  })

  it('carries a workstream to another server, byte for byte', async () => {
    const [here, there] = [await both(), await both()]
    await here.client.createWorkstream({ id: 'a', title: 'Alpha' })
    await here.client.sendMessage({ workstream: 'a', content: 'é'.repeat(2_000_000) })
    const bytes = await collect(await here.client.exportNative('a'))
    expect(await there.client.importNative({ bytes: () => asAsync(bytes) })).toMatchObject({ message_count: 1 })
    const log = (dataDir: string) => readFileSync(`${dataDir}/workstreams/a/messages.jsonl`)
    expect(log(there.server.dataDir).equals(log(here.server.dataDir))).toBe(true)
    const cut = bytes.map((piece, n) => (n === bytes.length - 1 ? piece.subarray(0, -2) : piece))
    await expect(there.client.importNative({ bytes: () => asAsync(cut), name: 'my.arawn' })).rejects.toMatchObject({
      code: 'IMPORT_UNREADABLE',
      details: { file: 'my.arawn' },
    })
  })

  it('shows its token, and says when it is not the right one', async () => {
    const token = 'a token of some length'
    const server = await startServer({ env: { ARAWN_SERVER_AUTH_TOKEN_ENV: 'T', T: token } })
    expect((await clientOf(server, token).listWorkstreams()).items).toEqual([])
    expect(await failureOf(clientOf(server).listWorkstreams())).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await failureOf(collect(clientOf(server, 'another').subscribe()))).toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('lists the models of the server', async () => {
    const { client } = await both()
    expect((await client.listModels())[0]).toMatchObject({ profile: 'offline', isDefault: true, problem: null })
  })
})

describe('a turn of a client', () => {
  const answering = async (script: ProviderScript) => {
    const provider = await startProvider(script)
    const server = await startServer({ provider })
    return { provider, server, client: clientOf(server) }
  }

  it('is told from its beginning, as often as it is asked, then and later', async () => {
    const { client } = await answering([{ text: ['At ', 'seven.'] }])
    const turn = await client.chat({ content: 'when?' })
    expect(turn).toMatchObject({ workstream_id: 'scratch', message: { content: 'when?' } })
    const [first, second] = await Promise.all([collect(turn.events()), collect(turn.events())])
    const later = await collect((await client.getTurn('scratch', turn.interaction_id)).events())
    for (const events of [first, second, later]) {
      expect(typesOf(events)).toEqual(['turn.started', 'turn.delta', 'message.created', 'turn.completed'])
      expect(textOf(events)).toBe('At seven.')
    }
    expect(first[0]).toEqual({ type: 'turn.started', interaction_id: turn.interaction_id, message: turn.message })
    expect(await turn.ended).toMatchObject({ status: 'ok', model: 'test/scripted' })
  })

  it('is stopped by whoever has it, by its signal, and by name', async () => {
    const silence = { text: ['one '], ending: 'silence' as const }
    const { client } = await answering([silence, silence, silence])
    const stop = new AbortController()
    for (const [content, cancel] of [
      ['a', async (turn: { cancel(): void }) => turn.cancel()],
      ['b', async () => stop.abort()],
      ['c', () => client.cancelTurn('scratch')],
    ] as const) {
      const turn = await client.chat({ content, signal: stop.signal.aborted ? undefined : stop.signal })
      for await (const event of turn.events()) if (event.type === 'turn.delta') await cancel(turn)
      expect((await turn.ended).status).toBe('cancelled')
    }
    expect(await client.cancelTurn('scratch')).toBe(false)
    expect((await client.listFailedTurns('scratch')).map(({ status }) => status)).toEqual(Array(3).fill('cancelled'))
  })

  it('that is running is found, and one that fails has ended all the same', async () => {
    const { client } = await answering([{ text: ['slowly '], ending: 'silence' }, { refuses: 'bad_key' }])
    const turn = await client.chat({ content: 'a' })
    const [found] = await client.listRunningTurns('scratch')
    expect(found?.interaction_id).toBe(turn.interaction_id)
    await expect(client.chat({ content: 'me too' })).rejects.toMatchObject({ code: 'WORKSTREAM_BUSY' })
    found?.cancel()
    expect((await found?.ended)?.status).toBe('cancelled')
    expect(await (await client.chat({ content: 'b' })).ended).toMatchObject({ status: 'error', error: 'MODEL_AUTH' })
  })

  it('cannot be given tools of this process', async () => {
    const { client } = await answering([])
    const failure = await failureOf(client.chat({ content: 'a', tools: { look: { inputSchema: {} } } }))
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', details: { path: 'tools' } })
  })

  it('is begun once for a key', async () => {
    const { client, provider } = await answering([{ text: ['once'] }])
    const [a, b] = [
      await client.chat({ content: 'hi', idempotency_key: 'k' }),
      await client.chat({ content: 'hi', idempotency_key: 'k' }),
    ]
    expect(b.interaction_id).toBe(a.interaction_id)
    expect(textOf(await collect(b.events()))).toBe('once')
    expect(provider.requests).toHaveLength(1)
  })
})

describe('a subscription of a client', () => {
  it('tells what a manager tells, from wherever it is asked', async () => {
    const { client, manager } = await both()
    await client.createWorkstream({ id: 'a', title: 'Alpha' })
    for (const content of ['one', 'two']) await client.sendMessage({ workstream: 'a', content })
    await client.sendMessage({ content: 'elsewhere' })
    const all = await take(manager.subscribe({ since: 0 }), 7)
    expect(await take(client.subscribe({ since: 0 }), 7)).toEqual(all)
    expect(await take(client.subscribe({ since: all[3]?.cursor }), 3)).toEqual(all.slice(4))
    const of = all.filter(({ workstream_id }) => workstream_id === 'a')
    expect(await take(client.subscribe({ since: 0, workstream: 'alpha' }), of.length)).toEqual(of)
    await expect(collect(client.subscribe({ workstream: 'nope' }))).rejects.toMatchObject({
      code: 'WORKSTREAM_NOT_FOUND',
    })
    await expect(collect(client.subscribe({ since: 'nonsense' }))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('ends without an error on its signal, on return, and with the client', async () => {
    const { client } = await both()
    const leave = new AbortController()
    const first = collect(client.subscribe({ signal: leave.signal }))
    const second = client.subscribe()
    const waiting = second.next()
    const third = collect(client.subscribe({ since: 0 }))
    leave.abort()
    await second.return?.()
    await client.close()
    expect([await first, await waiting, await third]).toEqual([[], { done: true, value: undefined }, []])
    await expect(client.listWorkstreams()).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

async function take(events: AsyncIterable<WorkstreamEvent>, count: number): Promise<WorkstreamEvent[]> {
  const taken: WorkstreamEvent[] = []
  for await (const event of events) if (taken.push(event) === count) break
  return taken
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function* asAsync<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items
}

function failureOf(asked: Promise<unknown>): Promise<{ code: string; message: string; details: unknown }> {
  return asked.then(
    () => {
      throw new Error('it did not fail')
    },
    (error) => error,
  )
}

function typesOf(events: readonly TurnEvent[]): string[] {
  return events.map(({ type }) => type).filter((type, n, all) => type !== 'turn.delta' || all[n - 1] !== type)
}

function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'turn.delta' ? event.text : '')).join('')
}
