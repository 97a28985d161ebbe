import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorAnswerSchema } from '@arawn/core/error-answer'
import { API_PREFIX, type Route, type RouteName, routes } from '@arawn/core/protocol'
import { describe, expect, it } from 'vitest'
import { type AskOptions, startServer, type TestServer } from './start-server.js'

interface Example extends AskOptions {
  readonly path: string
  readonly status?: number
  /** What has to be there before, beside a workstream `a` and a message in scratch. */
  readonly before?: (server: TestServer) => Promise<unknown>
  /** Sent as they are, by a route that takes an upload. */
  readonly bytes?: (server: TestServer) => Promise<Uint8Array>
}

const archived = (server: TestServer) => server.ask('POST', 'workstreams/a/archive')
const paused = (server: TestServer) => server.ask('POST', 'workstreams/a/pause')
const purged = (server: TestServer) => server.ask('DELETE', 'workstreams/a?purge=true')

/** Half a line, as a crash leaves it, and a message behind it. */
async function tornTail({ ask, dataDir }: TestServer): Promise<void> {
  const line = { role: 'user', content: 'never acknowledged', timestamp: '2026-01-01T00:00:00.000Z' }
  appendFileSync(join(dataDir, 'workstreams', 'a', 'messages.jsonl'), JSON.stringify(line))
  await ask('POST', 'workstreams/a/messages', { body: { content: 'behind it' } })
}

async function exportedAndPurged(server: TestServer): Promise<Uint8Array> {
  const answer = await fetch(`${server.url}${API_PREFIX}/workstreams/a/export?format=native`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  await purged(server)
  return bytes
}

/** One good call of each route. */
const examples: Record<RouteName, Example> = {
  createWorkstream: { path: 'workstreams', body: { name: 'New', tags: ['x'], metadata: { n: 1 } } },
  listWorkstreams: { path: 'workstreams?state=all&limit=5&q=a' },
  getWorkstream: { path: 'workstreams/a' },
  updateWorkstream: { path: 'workstreams/a', body: { title: null, tags: ['y'], state: 'paused' } },
  deleteWorkstream: { path: 'workstreams/a?purge=true' },
  pauseWorkstream: { path: 'workstreams/a/pause' },
  resumeWorkstream: { path: 'workstreams/a/resume', before: paused },
  archiveWorkstream: { path: 'workstreams/a/archive' },
  unarchiveWorkstream: { path: 'workstreams/a/unarchive', before: archived },
  forkWorkstream: { path: 'workstreams/a/fork', body: { title: 'Copy' } },
  addMessage: { path: 'workstreams/a/messages', body: { content: 'hello', author: 'ada', metadata: { k: [1] } } },
  listMessages: { path: 'workstreams/a/messages?limit=2&order=desc' },
  pushMessage: { path: 'workstreams/a/push', body: { content: 'done', author: 'cron' } },
  chat: { path: 'chat', body: { message: 'what was first?', workstream_id: 'a' } },
  getTurn: { path: 'workstreams/a/turns/TURN' },
  cancelTurn: { path: 'workstreams/a/turns/TURN/cancel' },
  promoteScratch: { path: 'workstreams/scratch/promote', body: { title: 'Out of scratch' } },
  listSessions: { path: 'workstreams/a/sessions?limit=1&order=desc' },
  startSession: { path: 'workstreams/a/sessions' },
  getSession: { path: 'workstreams/a/sessions/SESSION' },
  endSession: { path: 'workstreams/a/sessions/active/end' },
  compress: { path: 'workstreams/a/compress', body: { wait: true }, status: 200 },
  getSummary: { path: 'workstreams/a/summary?all=true' },
  listFacts: { path: 'workstreams/a/facts' },
  explainContext: { path: 'workstreams/a/context?message=hi&messages=false' },
  explainLongContext: { path: 'workstreams/a/context', body: { message: 'hi', messages: false } },
  searchMessages: { path: 'search?q=first&workstream=a' },
  searchLong: { path: 'search', body: { q: 'first', limit: 3 } },
  followWorkstream: { path: 'workstreams/a/events?since=0' },
  follow: { path: 'events?since=0' },
  listModels: { path: 'models' },
  importConversation: {
    path: 'import',
    body: {
      source: { format: 'mine', conversation_id: 'c1' },
      title: 'Old talk',
      messages: [{ key: '1', role: 'user', content: 'hi', timestamp: '2026-01-01T00:00:00Z' }],
    },
  },
  exportWorkstream: { path: 'workstreams/a/export?format=openai' },
  importNative: { path: 'import/native', bytes: exportedAndPurged },
  listRunningTurns: { path: 'turns?workstream=a' },
  listFailedTurns: { path: 'workstreams/a/turns/failed?limit=200' },
  listTrash: { path: 'trash', before: purged },
  emptyTrash: { path: 'trash?older_than_ms=0', before: purged },
  findInTrash: { path: 'trash/A', before: purged },
  deleteFromTrash: { path: 'trash/ENTRY', before: purged },
  restoreFromTrash: { path: 'trash/a/restore', before: purged },
  stats: { path: 'stats?workstream=a' },
  sweepSessions: { path: 'admin/sessions/sweep' },
  levelSearch: { path: 'admin/search/level', body: { within_ms: 1_000 } },
  rebuildIndex: { path: 'admin/index/rebuild' },
  dumpIndex: { path: 'admin/index/dump' },
  verify: { path: 'admin/verify', before: tornTail },
  repair: { path: 'admin/repair', before: tornTail },
  restoreTornTail: { path: 'admin/torn-tails/TORN/restore', before: tornTail },
}
const all = Object.entries<Route>(routes).map(([name, route]) => ({ name: name as RouteName, route }))
const isStream = ({ answer, stream }: Route) => answer === undefined && stream === 'text/event-stream'

describe('each route', () => {
  it.each(all)('$name answers as it says', async ({ name, route }) => {
    const server = await startServer()
    const { turn, session } = await furnish(server)
    const { path, body, status = route.status, before } = examples[name]
    await before?.(server)
    const bytes = await examples[name].bytes?.(server)
    const place = path
      .replace('TURN', turn)
      .replace('SESSION', session)
      .replace('ENTRY', await only(server, 'trash', ({ data }) => data))
      .replace('TORN', await only(server, 'admin/verify', ({ quarantine }) => quarantine))
    if (isStream(route)) return expect(await firstBytes(server, place)).toMatch(/^: connected/)
    const answer = await server.ask(route.method, place, bytes === undefined ? { body } : sent(bytes))
    expect(answer.status, answer.text).toBe(status)
    if (route.answer !== undefined) expect(route.answer.safeParse(answer.json).error).toBeUndefined()
    else expect(answer.text).toMatch(/first|^workstreams \{/)
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })
})

describe('what cannot be', () => {
  it('is refused by each route with the kind of its error, and nothing is written', async () => {
    const server = await startServer({ env: { ARAWN_SERVER_MAX_BODY_MB: '1' } })
    for (const { name, route } of all) {
      const { body } = examples[name]
      const here = (path: string) => server.ask(route.method, path, { body })
      if (route.path.includes(':ref')) await fails(here(pathTo(route, 'no-such')), 404, 'WORKSTREAM_NOT_FOUND', name)
      if (route.query !== undefined)
        await fails(here(`${pathTo(route, 'scratch')}?nonsense=1`), 400, 'INVALID_INPUT', name)
      if (route.body === undefined) continue
      const at = (sent: unknown) => server.ask(route.method, pathTo(route, 'scratch'), { body: sent })
      await fails(at({ nonsense: 1 }), 422, 'INVALID_INPUT', name)
      await fails(at('{"half":'), 400, 'REQUEST_UNREADABLE', name)
      await fails(at({ content: 'x'.repeat(1_100_000) }), 413, 'BODY_TOO_LARGE', name)
    }
  }, 120_000)

  it('is told apart: archived, busy with another version, there already, reused', async () => {
    const { ask } = await startServer()
    const { headers } = await ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    const etag = headers.get('etag') ?? ''
    await fails(ask('POST', 'workstreams', { body: { id: 'a' } }), 409, 'WORKSTREAM_EXISTS')
    expect((await ask('PATCH', 'workstreams/a', { body: { title: 'B' }, headers: { 'if-match': etag } })).status).toBe(
      200,
    )
    await fails(
      ask('PATCH', 'workstreams/a', { body: { title: 'C' }, headers: { 'if-match': etag } }),
      412,
      'PRECONDITION_FAILED',
    )
    expect((await ask('GET', 'workstreams/b')).json.title).toBe('B')
    await ask('POST', 'workstreams/a/archive')
    await fails(ask('POST', 'workstreams/a/messages', { body: { content: 'x' } }), 409, 'WORKSTREAM_ARCHIVED')
    await fails(ask('DELETE', 'workstreams/scratch'), 409, 'STATE_CHANGE_REFUSED')
    await fails(ask('POST', 'workstreams/scratch/messages', { body: { content: '\ud800' } }), 422, 'INVALID_INPUT')
    await fails(ask('GET', `${API_PREFIX}/nothing`), 404, 'ROUTE_NOT_FOUND')
    await fails(ask('PUT', 'workstreams'), 404, 'ROUTE_NOT_FOUND')
    const details = { method: 'PUT', path: `${API_PREFIX}/workstreams` }
    expect((await ask('PUT', 'workstreams?limit=1')).json.error.details).toEqual(details)
    await fails(ask('GET', `workstreams/${'x'.repeat(201)}`), 400, 'INVALID_INPUT')
    await fails(ask('GET', `workstreams/${'x'.repeat(2_000)}`), 414, 'REQUEST_UNREADABLE')
    await fails(ask('GET', 'workstreams/%zz'), 400, 'REQUEST_UNREADABLE')
    const nine = ask('POST', 'workstreams/scratch/messages', { body: { content: 'x'.repeat(9 * 1024 * 1024) } })
    await fails(nine, 413, 'LOG_LINE_TOO_LONG')
  })

  it('is refused when it cannot be kept as it was sent, and harms nothing that is there', async () => {
    const { ask } = await startServer()
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    const said = (metadata: string) => `{"content":"x","metadata":${metadata}}`
    const send = (bytes: Uint8Array | string, type = 'application/json') =>
      ask('POST', 'workstreams/a/messages', { body: bytes, headers: { 'content-type': type } })
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    expect((await send(said(nested(300)))).status).toBe(201)
    await fails(send(said(nested(405))), 422, 'INVALID_INPUT')
    for (const depth of [2_000, 100_000]) await fails(send(said(nested(depth))), 400, 'REQUEST_UNREADABLE')
    await fails(send(Buffer.from('{"content":"caf\xe9"}', 'latin1')), 400, 'REQUEST_UNREADABLE')
    await fails(send('{"content":"x"}', 'text/plain'), 415, 'REQUEST_UNREADABLE')
    expect((await ask('GET', 'workstreams/a/messages')).json.data).toHaveLength(1)
  })

  it('is told apart in the trash, the quarantine and exports', async () => {
    const server = await startServer()
    const { ask } = server
    await furnish(server)
    await fails(ask('GET', 'trash/nothing'), 404, 'TRASH_ENTRY_NOT_FOUND')
    await fails(ask('POST', 'trash/nothing/restore'), 404, 'TRASH_ENTRY_NOT_FOUND')
    await fails(ask('DELETE', 'trash/nothing'), 404, 'TRASH_ENTRY_NOT_FOUND')
    await fails(ask('DELETE', 'trash?older_than_ms=soon'), 400, 'INVALID_INPUT')
    await fails(ask('POST', 'admin/torn-tails/none/restore'), 404, 'TORN_TAIL_NOT_FOUND')
    await fails(ask('POST', 'admin/search/level', { body: { within_ms: -1 } }), 422, 'INVALID_INPUT')
    await fails(ask('GET', 'stats?workstream=no-such'), 404, 'WORKSTREAM_NOT_FOUND')
    await fails(ask('GET', 'turns?workstream=no-such'), 404, 'WORKSTREAM_NOT_FOUND')
    const bytes = await exportedAndPurged(server)
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    await fails(ask('POST', 'import/native', sent(bytes)), 409, 'RESTORE_CONFLICT')
    await fails(ask('POST', 'trash/A/restore'), 409, 'RESTORE_CONFLICT')
    await purged(server)
    await fails(ask('GET', 'trash/a'), 409, 'TRASH_ENTRY_AMBIGUOUS')
    const changed = Uint8Array.from(bytes)
    changed[bytes.length - 3] = 0
    for (const broken of [changed, bytes.subarray(0, -1), new Uint8Array([...bytes, 10]), new Uint8Array()])
      await fails(ask('POST', 'import/native', sent(broken)), 422, 'IMPORT_UNREADABLE')
    await fails(ask('POST', 'import/native', { body: {} }), 415, 'REQUEST_UNREADABLE')
    await fails(ask('POST', 'import', sent(bytes)), 415, 'REQUEST_UNREADABLE')
    await fails(ask('GET', 'workstreams/a'), 404, 'WORKSTREAM_NOT_FOUND')
    expect((await ask('POST', 'import/native', sent(bytes))).status).toBe(201)
    expect((await ask('GET', 'workstreams/a')).json).toMatchObject({ title: 'A', message_count: 2 })
  })

  it('is refused without the token, whatever the route', async () => {
    const { ask } = await startServer({
      env: { ARAWN_SERVER_AUTH_TOKEN_ENV: 'MY_TOKEN', MY_TOKEN: 'a token of some length' },
    })
    for (const { name, route } of all) await fails(ask(route.method, pathTo(route, 'a')), 401, 'UNAUTHORIZED', name)
  })

  it('is done once for each key, and told again', async () => {
    const { ask } = await startServer()
    const headers = { 'idempotency-key': 'k' }
    for (const [path, body] of [
      ['workstreams', { id: 'a', title: 'A' }],
      ['workstreams/a/messages', { content: 'hello' }],
      ['workstreams/a/push', { content: 'pushed' }],
      ['import', examples.importConversation.body],
    ] as const) {
      const [first, again] = [await ask('POST', path, { body, headers }), await ask('POST', path, { body, headers })]
      expect(again.json, path).toEqual(first.json)
      expect(
        [first, again].map((answer) => answer.headers.get('idempotent-replayed')),
        path,
      ).toEqual([null, 'true'])
      headers['idempotency-key'] += '.'
    }
  })
})

async function fails(
  asked: Promise<{ status: number; json: unknown }>,
  status: number,
  code: string,
  what = '',
): Promise<void> {
  const answer = await asked
  expect([answer.status, errorAnswerSchema.parse(answer.json).error.code], what).toEqual([status, code])
}

function pathTo({ path }: Route, ref: string): string {
  return path.slice(1).replace(':ref', ref).replace(/:\w+/g, 'x')
}

/** The name of the only one there is of something. */
async function only(
  { ask }: TestServer,
  path: string,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  list: (json: any) => { name: string }[],
): Promise<string> {
  const { json } = await ask('GET', path)
  return list(json)[0]?.name ?? 'none'
}

function sent(bytes: Uint8Array): AskOptions {
  return { body: bytes, headers: { 'content-type': 'application/octet-stream' } }
}

async function furnish({ ask }: TestServer): Promise<{ turn: string; session: string }> {
  await ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
  await ask('POST', 'workstreams/scratch/messages', { body: { content: 'a passing thought' } })
  const { json } = await ask('POST', 'workstreams/a/messages', { body: { content: 'first words', respond: true } })
  return { turn: json.turn.interaction_id, session: json.turn.session_id }
}

async function firstBytes({ url }: TestServer, path: string): Promise<string> {
  const left = new AbortController()
  const answer = await fetch(`${url}${API_PREFIX}/${path}`, { signal: left.signal })
  const { value } = (await answer.body?.pipeThrough(new TextDecoderStream()).getReader().read()) ?? {}
  left.abort()
  return value ?? ''
}
