import { rmSync } from 'node:fs'
import { WorkstreamError } from '@arawn/core/error'
import type { Metadata } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dumpOf, everythingSeen } from './manager-steps.js'
import { createDataDir, type DataDir } from './open-manager.js'
import { searchKnows } from './search-steps.js'
import { toldWithin } from './told-within.js'

const ids = ['a', 'b', 'scratch'] as const
const id = fc.constantFrom(...ids)
const handle = fc.constantFrom(0, 1)
const text = fc.oneof(
  fc.constantFrom('hello', 'ä 🦆', '"quoted"\n'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
)
const words = ['hello', 'imported', 'hand', 'quoted', 'a*']
const title = fc.option(fc.constantFrom('Rust', 'rust', 'Ärger', ' x '), { nil: null })

const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), handle, id: fc.constantFrom('a', 'b'), title }),
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      handle,
      id,
      texts: fc.array(text, { minLength: 1, maxLength: 4 }),
    }),
  },
  fc.record({ kind: fc.constant('push' as const), handle, id, text }),
  fc.record({
    kind: fc.constant('update' as const),
    handle,
    id,
    changes: fc.record(
      {
        title,
        default_model: fc.constantFrom(null, 'large'),
        tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')),
        metadata: fc.constantFrom<Metadata[]>({}, { a: { b: [1] } }),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ kind: fc.constant('end' as const), handle, id }),
  fc.record({
    kind: fc.constantFrom('pause' as const, 'resume' as const, 'archive' as const, 'unarchive' as const),
    handle,
    id,
  }),
  fc.record({
    kind: fc.constant('import' as const),
    handle,
    conversation: fc.constantFrom('c1', 'c2'),
    into: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    keys: fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }),
    gapMs: fc.constantFrom(0, 1_000, 3_600_000),
  }),
  fc.record({
    kind: fc.constant('hand' as const),
    handle,
    id: fc.constantFrom('a', 'b'),
    lines: fc.array(fc.constantFrom('message', 'nonsense', '', 'crlf'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('reopen' as const), handle }),
  fc.record({ kind: fc.constant('lose' as const), handle }),
  fc.record({ kind: fc.constant('read' as const), handle, id }),
  fc.record({ kind: fc.constant('search' as const), handle, withinMs: fc.constantFrom(0, 1_000) }),
  fc.record({ kind: fc.constant('wait' as const), handle, ms: fc.constantFrom(1, 60_000, -5_000) }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** What was acknowledged, in order, by workstream. */
type Acknowledged = Map<string, string[]>

async function run(
  dir: DataDir,
  handles: WorkstreamManager[],
  steps: readonly Step[],
  kept: Acknowledged,
): Promise<void> {
  const note = (workstream: string, messageId: string) => {
    const list = kept.get(workstream)
    if (list === undefined) kept.set(workstream, [messageId])
    else list.push(messageId)
  }
  for (const one of steps) {
    const manager = handles[one.handle]
    if (manager === undefined) throw new Error('no such handle')
    const other = handles[1 - one.handle] ?? manager
    switch (one.kind) {
      case 'create':
        await refused(manager.createWorkstream({ id: one.id, title: one.title }))
        break
      case 'send': {
        // Some by one handle and some by the other, at once.
        const sends = one.texts.map((content, n) =>
          (n % 3 === 2 ? other : manager).sendMessage({ workstream: one.id, content }),
        )
        const sent = (await Promise.all(sends.map((send) => refused(send)))).filter((message) => message !== undefined)
        for (const message of sent.sort((a, b) => a.sequence - b.sequence)) note(one.id, message.id)
        break
      }
      case 'push': {
        const sent = await refused(manager.pushAgentMessage({ workstream: one.id, content: one.text }))
        if (sent !== undefined) note(one.id, sent.id)
        break
      }
      case 'update':
        await refused(manager.updateWorkstream(one.id, one.changes))
        break
      case 'end':
        await refused(manager.endSession(one.id))
        break
      case 'pause':
      case 'resume':
      case 'archive':
      case 'unarchive':
        await refused(manager[`${one.kind}Workstream`](one.id))
        break
      case 'import':
        await refused(
          manager.importConversation({
            source: { format: 'jsonl', conversation_id: one.conversation },
            ...(one.into !== undefined && { into: one.into }),
            messages: one.keys.map((key, n) => ({
              key: String(key),
              role: 'user',
              content: `imported ${key}`,
              timestamp: new Date(Date.UTC(2025, 0, 1) + n * one.gapMs).toISOString(),
            })),
          }),
        )
        break
      case 'hand':
        for (const kind of one.lines) {
          const message = JSON.stringify({ role: 'user', content: 'by hand', timestamp: '2026-01-15T12:00:00Z' })
          const texts: Record<string, string> = { message: `${message}\n`, crlf: `${message}\r\n`, nonsense: '{"v":\n' }
          dir.appendByHand(one.id, 'messages', texts[kind] ?? '\n')
        }
        break
      case 'reopen':
        await manager.close()
        handles[one.handle] = await dir.open()
        break
      case 'lose':
        for (const suffix of ['', '-wal', '-shm']) rmSync(dir.indexPath + suffix, { force: true })
        break
      case 'read':
        await refused(manager.listMessages(one.id))
        break
      case 'search':
        await manager.searchMessages({ query: 'hello OR imported', withinMs: one.withinMs })
        break
      case 'wait':
        dir.clock.advance(one.ms)
        break
    }
  }
}

/** A user's mistake is an answer; anything else is a defect. */
async function refused<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
  const mistakes = [
    'WORKSTREAM_NOT_FOUND',
    'WORKSTREAM_EXISTS',
    'WORKSTREAM_ARCHIVED',
    'SESSION_NOT_ACTIVE',
    'STATE_CHANGE_REFUSED',
    'INVALID_INPUT',
  ]
  try {
    return await work
  } catch (error) {
    if (error instanceof WorkstreamError && mistakes.includes(error.code)) return undefined
    throw error
  }
}

async function expectWhole(manager: WorkstreamManager, kept: Acknowledged): Promise<void> {
  const { items } = await manager.listWorkstreams({ state: 'all', limit: 1_000 })
  for (const workstream of items) {
    const { items: sessions } = await manager.listSessions(workstream.id, { limit: 1_000 })
    const { items: messages } = await manager.listMessages(workstream.id, { limit: 1_000 })
    expect(sessions.filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1)
    expect(messages).toHaveLength(workstream.message_count)
    expect(sessions.reduce((sum, session) => sum + session.message_count, 0)).toBe(messages.length)
    const acknowledged = kept.get(workstream.id) ?? []
    const there = messages.map((message) => message.id)
    expect(new Set(there).size).toBe(there.length)
    expect(there.filter((messageId) => acknowledged.includes(messageId))).toEqual(acknowledged)
    const stamps = messages.map(({ stamp }) => stamp)
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
  }
  for (const [workstreamId, acknowledged] of kept)
    if (acknowledged.length > 0) expect(items.map((workstream) => workstream.id)).toContain(workstreamId)
}

describe('an index that lived through any use', () => {
  it('equals one that is built from the logs, and has every acknowledged message once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const dir = createDataDir()
        try {
          const handles = [await dir.open(), await dir.open()]
          const kept: Acknowledged = new Map()
          await run(dir, handles, steps, kept)
          const [one, other] = handles
          if (one === undefined || other === undefined) throw new Error('no handles')
          // What was written by hand is seen by whoever asks for that workstream.
          for (const workstreamId of ids)
            for (const each of [one, other]) await refused(each.getWorkstream(workstreamId))
          await expectWhole(one, kept)
          const [seen, live] = [await everythingSeen(one), await dumpOf(one)]
          expect(await everythingSeen(other)).toEqual(seen)
          expect(await dumpOf(other)).toEqual(live)
          const { problems } = await one.verify()
          expect(problems).toEqual([])
          const found = await searchKnows(one, words)
          await other.rebuildIndex()
          expect(live).toEqual(await dumpOf(other))
          expect(await searchKnows(other, words)).toEqual(found)
          expect(await everythingSeen(one)).toEqual(seen)
        } finally {
          await dir.dispose()
        }
      }),
      { numRuns: 40, ...toldWithin(60_000) },
    )
  })
})
