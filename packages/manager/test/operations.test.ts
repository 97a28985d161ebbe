import { rmSync } from 'node:fs'
import { MAX_LINE_BYTES, type RestoredLine } from '@arawn/core/log-store'
import type { ListWorkstreamsInput, WorkstreamManager } from '@arawn/manager/workstream-manager'
import { badWorkstreamIds } from '@arawn/testkit/bad-workstream-ids'
import { createCountingIds } from '@arawn/testkit/counting-ids'
import { describe, expect, it } from 'vitest'
import { contentsOf, everythingSeen, expectLevelWithLogs, exportedLines } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function opened(): Promise<{ dir: DataDir; manager: WorkstreamManager }> {
  const dir = testDir()
  return { dir, manager: await dir.open() }
}

const invalid = (path: string) => ({ code: 'INVALID_INPUT', details: { path } })
/** Whatever the types say: callers of a server are not typed. */
const anything = (value: unknown) => value as never

describe('createWorkstream', () => {
  it('answers with what is on disk then', async () => {
    const { dir, manager } = await opened()
    const input = {
      id: 'a',
      title: ' Rust ',
      default_model: 'large',
      tags: ['x', 'y', 'x'],
      metadata: { n: { m: [1, null] } },
    }
    const created = await manager.createWorkstream(input)
    expect(created).toEqual({
      id: 'a',
      title: 'Rust',
      summary: null,
      forked_from: null,
      is_scratch: false,
      state: 'active',
      default_model: 'large',
      tags: ['x', 'y'],
      metadata: { n: { m: [1, null] } },
      created_at: '2026-01-15T10:00:00.000Z',
      updated_at: '2026-01-15T10:00:00.000Z',
      last_message_at: null,
      message_count: 0,
    })
    expect(dir.recordsOf('a', 'workstream')).toMatchObject([{ v: 1, type: 'workstream_created', title: 'Rust' }])
    expect(await (await dir.open()).getWorkstream('a')).toEqual({ ...created, active_session: null })
    expect((await manager.verify()).problems).toEqual([])
    await expectLevelWithLogs(manager)
  })

  it('draws an id when none is given', async () => {
    const dir = testDir()
    const manager = await dir.open({ ids: createCountingIds() })
    expect(await manager.createWorkstream()).toMatchObject({ id: 'ws_00000000000000000000000001', title: null })
  })

  it('takes an id once, whoever asks', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const attempts = [manager, other, manager].map((handle) => handle.createWorkstream({ id: 'a' }))
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'WORKSTREAM_EXISTS', details: { workstreamId: 'a' } })
    expect(dir.recordsOf('a', 'workstream')).toHaveLength(1)
  })

  it.each(badWorkstreamIds)('refuses the id %j and writes nothing', async (id) => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream({ id })).rejects.toMatchObject(invalid('id'))
    expect(dir.snapshot()).toEqual({})
  })

  it('keeps the name scratch', async () => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream({ id: 'scratch' })).rejects.toMatchObject(invalid('id'))
    expect(dir.snapshot()).toEqual({})
  })

  it.each<[string, object, string]>([
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'title'],
    ['a title of 300 characters', { title: 'x'.repeat(300) }, 'title'],
    ['an empty title', { title: '' }, 'title'],
    ['a title of blanks', { title: '  \t ' }, 'title'],
    ['a title that is no text', { title: 7 }, 'title'],
    ['half of a surrogate pair', { title: 'x\ud83e' }, 'title'],
    ['an empty tag', { tags: ['ok', ''] }, 'tags.1'],
    ['a long tag', { tags: ['x'.repeat(65)] }, 'tags.0'],
    ['half of a surrogate pair in a tag', { tags: ['\udd86'] }, 'tags.0'],
    ['half of a surrogate pair deep in metadata', { metadata: { a: [{ b: '\ud83e' }] } }, 'metadata.a.0.b'],
    ['half of a surrogate pair in a key of metadata', { metadata: { a: { '\ud83e': 1 } } }, 'metadata.a'],
    ['metadata that is no JSON', { metadata: { a: 1n } }, 'metadata.a'],
    ['an empty model', { default_model: '' }, 'default_model'],
    ['an unknown field', { tilte: 'x' }, ''],
  ])('refuses %s and names the field', async (_name, input, path) => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream(anything(input))).rejects.toMatchObject(invalid(path))
    expect(dir.snapshot()).toEqual({})
  })

  it('takes a title of 200 characters in any script', async () => {
    const { manager } = await opened()
    const title = '🦆ä'.repeat(66)
    expect(await manager.createWorkstream({ title })).toMatchObject({ title })
    expect(await manager.getWorkstream(title)).toMatchObject({ title })
  })
})

describe('a reference', () => {
  it('is an exact id before it is a title', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'b' })
    await manager.createWorkstream({ id: 'b', title: 'a' })
    expect(await manager.getWorkstream('a')).toMatchObject({ id: 'a' })
    expect(await manager.sendMessage({ workstream: 'b', content: 'x' })).toMatchObject({ sequence: 1 })
    expect(await manager.getWorkstream('b')).toMatchObject({ message_count: 1 })
  })

  it('is a title in upper or lower case, composed or not', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Ärger mit Rust' })
    for (const title of ['Ärger mit Rust', 'ÄRGER MIT RUST', 'a\u0308rger mit rust'])
      expect(await manager.getWorkstream(title), title).toMatchObject({ id: 'a' })
    await manager.sendMessage({ workstream: 'ärger MIT rust', content: 'by title' })
    expect(await contentsOf(manager, 'a')).toEqual(['by title'])
  })

  it('that several titles match is refused with all of them', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Rust' })
    await manager.createWorkstream({ id: 'b', title: 'rust' })
    const ambiguous = {
      code: 'WORKSTREAM_AMBIGUOUS',
      details: {
        reference: 'RUST',
        candidates: [
          { id: 'a', title: 'Rust' },
          { id: 'b', title: 'rust' },
        ],
      },
    }
    await expect(manager.getWorkstream('RUST')).rejects.toMatchObject(ambiguous)
    await expect(manager.sendMessage({ workstream: 'RUST', content: 'x' })).rejects.toMatchObject(ambiguous)
    await expect(manager.archiveWorkstream('RUST')).rejects.toMatchObject(ambiguous)
  })

  it('is part of an id: how it begins, or how one that was drawn ends', async () => {
    const { manager } = await opened()
    const [one, two, mine] = [
      'ws_01kf5n8h2wfq2r7z4yd3m6x7k2',
      'ws_01kf5n8h2wfq2r7z4yd3m6abcd',
      'release-notes',
    ] as const
    for (const id of [one, two, mine]) await manager.createWorkstream({ id })
    for (const [reference, id] of [
      ['ws_01kf5n8h2wfq2r7z4yd3m6x', one],
      ['01kf5n8h2wfq2r7z4yd3m6x', one],
      ['x7k2', one],
      ['X7K2', one],
      ['m6abcd', two],
      ['rele', mine],
    ] as const) {
      expect((await manager.getWorkstream(reference)).id, reference).toBe(id)
      await manager.sendMessage({ workstream: reference, content: reference })
    }
    expect(await contentsOf(manager, mine)).toEqual(['rele'])
    for (const reference of ['7k2', 'ws_', 'ws_01k', 'otes', 'x7k', 'ws_x7k2'])
      await expect(manager.getWorkstream(reference), reference).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    for (const reference of ['ws_01kf', '01kf'])
      await expect(manager.getWorkstream(reference), reference).rejects.toMatchObject({
        code: 'WORKSTREAM_AMBIGUOUS',
        details: { reference, candidates: [{ id: two }, { id: one }] },
      })
  })

  it('is a title before it is part of an id', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'rust-one' })
    await manager.createWorkstream({ id: 'b', title: 'rust' })
    expect(await manager.getWorkstream('rust')).toMatchObject({ id: 'b' })
    expect(await manager.getWorkstream('rust-')).toMatchObject({ id: 'rust-one' })
    await manager.updateWorkstream('b', { title: null })
    expect(await manager.getWorkstream('rust')).toMatchObject({ id: 'rust-one' })
  })

  it('that is part of an id writes to no other workstream, and makes none', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'release-notes' })
    await manager.sendMessage({ workstream: 'release', content: 'x' })
    await manager.archiveWorkstream('release')
    expect(Object.keys(dir.snapshot()).every((log) => log.includes('release-notes'))).toBe(true)
    expect((await manager.listWorkstreams({ state: 'all' })).items).toHaveLength(1)
  })

  it('that nothing matches is refused with what is near, by every operation', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'garden', title: 'Rust questions' })
    const before = dir.snapshot()
    const operations: ((reference: string) => Promise<unknown>)[] = [
      (reference) => manager.getWorkstream(reference),
      (reference) => manager.updateWorkstream(reference, { title: 'x' }),
      (reference) => manager.pauseWorkstream(reference),
      (reference) => manager.resumeWorkstream(reference),
      (reference) => manager.archiveWorkstream(reference),
      (reference) => manager.unarchiveWorkstream(reference),
      (reference) => manager.sendMessage({ workstream: reference, content: 'x' }),
      (reference) => manager.pushAgentMessage({ workstream: reference, content: 'x' }),
      (reference) => manager.listMessages(reference),
      (reference) => manager.listSessions(reference),
      (reference) => manager.endSession(reference),
      (reference) => manager.exportLogs(reference),
      (reference) =>
        manager.importConversation({ source: { format: 'f', conversation_id: 'c' }, into: reference, messages: [] }),
    ]
    for (const operation of operations)
      for (const [reference, suggestion] of [
        ['gardne', 'garden'],
        ['Rust question', 'Rust questions'],
      ] as const)
        await expect(operation(reference), `${operation}`).rejects.toMatchObject({
          code: 'WORKSTREAM_NOT_FOUND',
          details: { reference, suggestions: expect.arrayContaining([suggestion]) },
        })
    expect(dir.snapshot()).toEqual(before)
  })

  it.each(['../../etc', '', 'a/b', '__proto__', 'x'.repeat(5_000), '\0'])(
    'of %j finds nothing and breaks nothing',
    async (reference) => {
      const { dir, manager } = await opened()
      await expect(manager.getWorkstream(reference)).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
      await expect(manager.listMessages(reference)).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
      expect(dir.snapshot()).toEqual({})
    },
  )
})

describe('stats', () => {
  it('see what was sent a moment ago, by every handle', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'garden', title: 'Garden' })
    await manager.sendMessage({ workstream: 'garden', content: 'x' })
    await manager.archiveWorkstream('garden')
    await manager.sendMessage({ content: 'y' })
    for (const handle of [manager, await dir.open()]) {
      expect(await handle.stats()).toMatchObject({
        workstreams: { total: 2, active: 1, archived: 1 },
        sessions: { total: 2, active: 1, ended: 1 },
        messages: { total: 2, user: 2 },
        log_bytes: Object.values(dir.snapshot()).join('').length,
      })
      expect(await handle.stats('garden')).toMatchObject({ messages: { total: 1 }, busiest: [{ title: 'Garden' }] })
    }
    await expect(manager.stats('nothing')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
  })
})

describe('updateWorkstream', () => {
  it('changes only what it is given, and empties what is null', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A', default_model: 'large', tags: ['x'], metadata: { n: 1 } })
    dir.clock.advance(1_000)
    expect(await manager.updateWorkstream('a', { title: null })).toMatchObject({
      title: null,
      default_model: 'large',
      tags: ['x'],
      metadata: { n: 1 },
      updated_at: '2026-01-15T10:00:01.000Z',
    })
    expect(await manager.updateWorkstream('a', { default_model: null, tags: [], metadata: {} })).toMatchObject({
      default_model: null,
      tags: [],
      metadata: {},
    })
    expect(await (await dir.open()).getWorkstream('a')).toMatchObject({ title: null, default_model: null, tags: [] })
    await expectLevelWithLogs(manager)
  })

  it('writes nothing when nothing changes', async () => {
    const { dir, manager } = await opened()
    const created = await manager.createWorkstream({ id: 'a', title: 'A', tags: ['x'] })
    dir.clock.advance(1_000)
    const before = dir.snapshot()
    expect(await manager.updateWorkstream('a', { title: 'A', tags: ['x', 'x'] })).toEqual(created)
    expect(await manager.updateWorkstream('a', {})).toEqual(created)
    expect(dir.snapshot()).toEqual(before)
  })

  it('finds a workstream by its new title and no longer by its old one', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Old' })
    await manager.updateWorkstream('old', { title: 'New' })
    expect(await manager.getWorkstream('new')).toMatchObject({ id: 'a' })
    await expect(manager.getWorkstream('old')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
  })

  it('refuses what a creation refuses', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    await expect(manager.updateWorkstream('a', { title: 'x'.repeat(300) })).rejects.toMatchObject(invalid('title'))
    await expect(manager.updateWorkstream('a', anything({ id: 'b' }))).rejects.toMatchObject(invalid(''))
    await expect(manager.updateWorkstream('a', anything({ tags: null }))).rejects.toMatchObject(invalid('tags'))
  })
})

describe('the states of a workstream', () => {
  it('make it read-only when it is archived, until that is undone', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    expect(await manager.archiveWorkstream('a')).toMatchObject({ state: 'archived' })
    const before = dir.snapshot()
    const refused = { code: 'WORKSTREAM_ARCHIVED', details: { workstreamId: 'a' } }
    for (const write of [
      () => manager.sendMessage({ workstream: 'a', content: 'x' }),
      () => manager.pushAgentMessage({ workstream: 'A', content: 'x' }),
      () => manager.updateWorkstream('a', { title: 'B' }),
      () => manager.endSession('a'),
      () => manager.importConversation({ source: { format: 'f', conversation_id: 'c' }, into: 'a', messages: [] }),
    ])
      await expect(write()).rejects.toMatchObject(refused)
    await expect(manager.pauseWorkstream('a')).rejects.toMatchObject({ code: 'STATE_CHANGE_REFUSED' })
    await expect(manager.resumeWorkstream('a')).rejects.toMatchObject({
      code: 'STATE_CHANGE_REFUSED',
      details: { from: 'archived', to: 'active' },
    })
    expect(dir.snapshot()).toEqual(before)
    expect(await contentsOf(manager, 'a')).toEqual(['one'])
    expect((await manager.listWorkstreams()).items).toEqual([])
    expect(await manager.archiveWorkstream('a')).toMatchObject({ state: 'archived' })
    expect(dir.snapshot()).toEqual(before)
    expect(await manager.unarchiveWorkstream('a')).toMatchObject({ state: 'active' })
    expect(await manager.sendMessage({ workstream: 'a', content: 'two' })).toMatchObject({ sequence: 2 })
    await expectLevelWithLogs(manager)
  })

  it('let a paused one take messages and be resumed', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    expect(await manager.pauseWorkstream('a')).toMatchObject({ state: 'paused' })
    await manager.sendMessage({ workstream: 'a', content: 'x' })
    expect(await manager.unarchiveWorkstream('a')).toMatchObject({ state: 'paused' })
    expect(await manager.resumeWorkstream('a')).toMatchObject({ state: 'active', message_count: 1 })
  })

  it('never archive scratch', async () => {
    const { manager } = await opened()
    await expect(manager.archiveWorkstream('scratch')).rejects.toMatchObject({
      code: 'STATE_CHANGE_REFUSED',
      details: { workstreamId: 'scratch', to: 'archived' },
    })
    expect(await manager.getWorkstream('scratch')).toMatchObject({ state: 'active' })
  })
})

describe('scratch', () => {
  it('is made by the first message that names no workstream', async () => {
    const { dir, manager } = await opened()
    expect(await manager.sendMessage({ content: 'x' })).toMatchObject({ sequence: 1 })
    expect(await manager.getWorkstream('scratch')).toMatchObject({ id: 'scratch', is_scratch: true, message_count: 1 })
    expect(dir.recordsOf('scratch', 'workstream')).toMatchObject([{ type: 'workstream_created', is_scratch: true }])
  })

  it('is made once by many at the same time', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const sends = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? manager : other).sendMessage({ content: `${n}` }))
    const sent = await Promise.all(sends)
    expect(sent.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(sent.map((_, n) => n + 1))
    expect(new Set(sent.map(({ session_id }) => session_id)).size).toBe(1)
    expect(dir.recordsOf('scratch', 'workstream')).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })

  it.each<[string, (manager: WorkstreamManager) => Promise<unknown>]>([
    ['read', (manager) => manager.getWorkstream('scratch')],
    ['listed', (manager) => manager.listMessages('scratch')],
    ['updated', (manager) => manager.updateWorkstream('scratch', { tags: ['x'] })],
    ['pushed to', (manager) => manager.pushAgentMessage({ workstream: 'scratch', content: 'x' })],
  ])('exists when it is %s first', async (_name, use) => {
    const { manager } = await opened()
    await use(manager)
    expect(await manager.getWorkstream('scratch')).toMatchObject({ is_scratch: true })
  })
})

describe('sendMessage', () => {
  it('keeps everything that it is given and answers with the message as it is read', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const input = {
      workstream: 'a',
      content: 'line 1\nline 2\r\n\u2028 "🦆" \0',
      role: 'tool_result' as const,
      author: 'Ann',
      interaction_id: 'int_1',
      metadata: { tool_call_id: 'c', is_error: false },
    }
    const { workstream: _, ...fields } = input
    const sent = await manager.sendMessage(input)
    expect(sent).toMatchObject({ ...fields, v: 1, sequence: 1, timestamp: '2026-01-15T10:00:00.000Z' })
    expect((await (await dir.open()).listMessages('a')).items).toEqual([sent])
    const { sequence, ...record } = sent
    expect(sequence).toBe(1)
    expect(dir.recordsOf('a', 'messages')).toEqual([record])
  })

  it('opens a session when none is active and goes on in the one that is', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const one = await manager.sendMessage({ workstream: 'a', content: 'x' })
    const two = await manager.sendMessage({ workstream: 'a', content: 'y', role: 'assistant' })
    expect(two.session_id).toBe(one.session_id)
    dir.clock.advance(1_000)
    expect(await manager.endSession('a')).toMatchObject({
      id: one.session_id,
      status: 'ended',
      reason: 'requested',
      message_count: 2,
      turn_count: 1,
      ended_at: '2026-01-15T10:00:01.000Z',
    })
    const three = await manager.pushAgentMessage({ workstream: 'a', content: 'z' })
    expect(three).toMatchObject({ role: 'agent_push' })
    expect(three.session_id).not.toBe(one.session_id)
    await expectLevelWithLogs(manager)
  })

  it.each<[string, object, string]>([
    ['no content', {}, 'content'],
    ['an empty user message', { content: '' }, 'content'],
    ['a blank user message', { content: ' \n' }, 'content'],
    ['content that is no text', { content: 7 }, 'content'],
    ['half of a surrogate pair', { content: 'x\ud83e' }, 'content'],
    ['half of a surrogate pair in metadata', { content: 'x', metadata: { a: ['\ud83e'] } }, 'metadata.a.0'],
    ['an unknown role', { content: 'x', role: 'pirate' }, 'role'],
    ['the role of pushes', { content: 'x', role: 'agent_push' }, 'role'],
    ['metadata as text', { content: 'x', metadata: '{}' }, 'metadata'],
    ['an empty reference', { content: 'x', workstream: '' }, 'workstream'],
    ['a long author', { content: 'x', author: 'a'.repeat(201) }, 'author'],
    ['an unknown field', { content: 'x', sesion: 'y' }, ''],
  ])('refuses %s and names the field', async (_name, input, path) => {
    const { dir, manager } = await opened()
    await expect(manager.sendMessage(anything(input))).rejects.toMatchObject(invalid(path))
    expect(dir.snapshot()).toEqual({})
  })

  it('refuses a push that says nothing', async () => {
    const { manager } = await opened()
    await expect(manager.pushAgentMessage({ workstream: 'scratch', content: ' ' })).rejects.toMatchObject(
      invalid('content'),
    )
  })

  it('refuses what is longer than a line may be, writes nothing of it, and goes on', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const before = dir.snapshot()
    const [long, short] = await Promise.allSettled([
      manager.sendMessage({ workstream: 'a', content: 'x'.repeat(9 * 1024 * 1024) }),
      manager.sendMessage({ workstream: 'a', content: 'short' }),
    ])
    expect(long).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'LOG_LINE_TOO_LONG',
        details: { workstreamId: 'a', log: 'messages', limitBytes: MAX_LINE_BYTES },
      },
    })
    expect(short).toMatchObject({ status: 'fulfilled', value: { sequence: 1 } })
    expect(dir.recordsOf('a', 'messages')).toHaveLength(1)
    expect(dir.recordsOf('a', 'sessions')).toHaveLength(1)
    expect(dir.snapshot()['a/workstream.jsonl']).toBe(before['a/workstream.jsonl'])
    await expectLevelWithLogs(manager)
  })

  it('leaves no scratch behind when the first message to it is too long', async () => {
    const { dir, manager } = await opened()
    await expect(manager.sendMessage({ content: 'x'.repeat(9 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'LOG_LINE_TOO_LONG',
    })
    expect(dir.snapshot()).toEqual({})
  })

  it('takes a message that fills a line', async () => {
    const { manager } = await opened()
    const content = 'x'.repeat(MAX_LINE_BYTES - 1_000)
    await manager.sendMessage({ content })
    expect((await manager.listMessages('scratch')).items[0]?.content).toBe(content)
  })
})

describe('listMessages', () => {
  async function tenMessages() {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    for (let n = 1; n <= 10; n++) await manager.sendMessage({ workstream: 'a', content: `${n}` })
    const { items } = await manager.listMessages('a')
    const page = async (query: object) => {
      const found = await manager.listMessages('a', query)
      return [found.items.map(({ content }) => Number(content)), found.hasOlder, found.hasNewer]
    }
    return { dir, manager, page, idOf: (sequence: number) => items[sequence - 1]?.id as string }
  }

  it('gives the newest page by default, in ascending order', async () => {
    const { page } = await tenMessages()
    expect(await page({})).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false, false])
    expect(await page({ limit: 3 })).toEqual([[8, 9, 10], true, false])
  })

  it.each([false, true])('pages both ways from a sequence or an id (ids: %s)', async (byId) => {
    const { page, idOf } = await tenMessages()
    const at = (sequence: number) => (byId ? idOf(sequence) : sequence)
    expect(await page({ limit: 3, before: at(8) })).toEqual([[5, 6, 7], true, true])
    expect(await page({ limit: 3, before: at(3) })).toEqual([[1, 2], false, true])
    expect(await page({ limit: 3, before: at(1) })).toEqual([[], false, true])
    expect(await page({ limit: 3, after: at(3) })).toEqual([[4, 5, 6], true, true])
    expect(await page({ limit: 3, after: at(8) })).toEqual([[9, 10], true, false])
    expect(await page({ limit: 3, after: at(10) })).toEqual([[], true, false])
    expect(await page({ limit: 3, around: at(5) })).toEqual([[4, 5, 6], true, true])
    expect(await page({ limit: 1, around: at(5) })).toEqual([[5], true, true])
    expect(await page({ limit: 1, around: at(10) })).toEqual([[10], true, false])
    expect(await page({ limit: 5, around: at(1) })).toEqual([[1, 2, 3, 4, 5], false, true])
    expect(await page({ limit: 100, around: at(5) })).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false, false])
  })

  it('fills the page around the last message with older ones', async () => {
    const { page } = await tenMessages()
    expect(await page({ limit: 5, around: 10 })).toEqual([[6, 7, 8, 9, 10], true, false])
  })

  it('knows what lies beyond sequences that do not exist', async () => {
    const { page } = await tenMessages()
    expect(await page({ limit: 2, after: 0 })).toEqual([[1, 2], false, true])
    expect(await page({ limit: 2, after: 99 })).toEqual([[], true, false])
    expect(await page({ limit: 2, before: 99 })).toEqual([[9, 10], true, false])
    expect(await page({ limit: 2, before: 0 })).toEqual([[], false, true])
  })

  it('passes over lines that are no messages', async () => {
    const { dir, manager } = await tenMessages()
    dir.appendByHand('a', 'messages', 'nonsense\n\n')
    await manager.sendMessage({ workstream: 'a', content: '13' })
    const found = await manager.listMessages('a', { limit: 2 })
    expect(found.items.map(({ sequence }) => sequence)).toEqual([10, 13])
    expect((await manager.listMessages('a', { after: 11 })).items.map(({ sequence }) => sequence)).toEqual([13])
  })

  it('refuses unknown ids and bad queries', async () => {
    const { manager } = await tenMessages()
    for (const border of ['after', 'before', 'around'])
      await expect(manager.listMessages('a', { [border]: 'msg_x' })).rejects.toMatchObject({
        code: 'MESSAGE_NOT_FOUND',
        details: { workstreamId: 'a', messageId: 'msg_x' },
      })
    for (const [query, path] of [
      [{ limit: 0 }, 'limit'],
      [{ limit: 1_001 }, 'limit'],
      [{ limit: 1.5 }, 'limit'],
      [{ after: -1 }, 'after'],
      [{ after: 1, before: 5 }, 'after'],
    ] as const)
      await expect(manager.listMessages('a', query)).rejects.toMatchObject(invalid(path))
  })
})

describe('listWorkstreams', () => {
  const walk = async (manager: WorkstreamManager, query: ListWorkstreamsInput): Promise<string[]> => {
    const found: string[] = []
    let after: string | undefined
    for (let page = 0; page < 100; page++) {
      const { items, next, hasMore } = await manager.listWorkstreams({ ...query, after })
      found.push(...items.map(({ id }) => id))
      expect(hasMore).toBe(next !== undefined)
      if (next === undefined) return found
      after = next
    }
    return expect.fail('the pages have no end')
  }

  it('gives each once, newest first, when many have the same time', async () => {
    const { dir, manager } = await opened()
    const ids = Array.from({ length: 25 }, (_, n) => `w${String(n).padStart(2, '0')}`)
    await Promise.all(ids.map((id) => manager.createWorkstream({ id })))
    for (const limit of [1, 3, 25, 26]) expect(await walk(manager, { limit })).toEqual([...ids].reverse())
    dir.clock.advance(1_000)
    await manager.sendMessage({ workstream: 'w07', content: 'x' })
    expect((await walk(manager, { limit: 4 }))[0]).toBe('w07')
  })

  it('neither repeats nor skips what stays in place while others move', async () => {
    const { dir, manager } = await opened()
    for (let n = 0; n < 9; n++) {
      dir.clock.advance(1_000)
      await manager.createWorkstream({ id: `w${n}` })
    }
    const first = await manager.listWorkstreams({ limit: 4 })
    expect(first.items.map(({ id }) => id)).toEqual(['w8', 'w7', 'w6', 'w5'])
    dir.clock.advance(1_000)
    await manager.sendMessage({ workstream: 'w6', content: 'x' })
    await manager.createWorkstream({ id: 'new' })
    const second = await manager.listWorkstreams({ limit: 9, after: first.next })
    expect(second.items.map(({ id }) => id)).toEqual(['w4', 'w3', 'w2', 'w1', 'w0'])
  })

  it('filters by state, tag and part of the title, together and page by page', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Rust FAQ', tags: ['work', 'rust'] })
    await manager.createWorkstream({ id: 'b', title: 'Crusty bread', tags: ['home'] })
    await manager.createWorkstream({ id: 'c', title: '100% ärger_', tags: ['work'] })
    await manager.createWorkstream({ id: 'd', tags: ['work'] })
    await manager.pauseWorkstream('b')
    await manager.archiveWorkstream('c')
    expect(await walk(manager, { limit: 1 })).toEqual(['d', 'b', 'a'])
    expect(await walk(manager, { state: 'all', limit: 1 })).toEqual(['d', 'c', 'b', 'a'])
    expect(await walk(manager, { state: 'archived' })).toEqual(['c'])
    expect(await walk(manager, { state: 'paused' })).toEqual(['b'])
    expect(await walk(manager, { tag: 'work', limit: 1 })).toEqual(['d', 'a'])
    expect(await walk(manager, { tag: 'WORK' })).toEqual([])
    expect(await walk(manager, { text: 'RUST', limit: 1 })).toEqual(['b', 'a'])
    expect(await walk(manager, { text: 'a\u0308RGER', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: '%', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: '_', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: 'rust', tag: 'work', state: 'active' })).toEqual(['a'])
  })

  it('refuses bad queries', async () => {
    const { manager } = await opened()
    for (const [query, path] of [
      [{ limit: 0 }, 'limit'],
      [{ limit: 1_001 }, 'limit'],
      [{ state: 'gone' }, 'state'],
      [{ after: 'nonsense' }, 'after'],
      [{ after: '' }, 'after'],
    ] as const)
      await expect(manager.listWorkstreams(anything(query))).rejects.toMatchObject(invalid(path))
  })
})

describe('sessions', () => {
  it('are listed in the order in which they were opened, or the other way round, page by page', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      ids.push((await manager.sendMessage({ workstream: 'a', content: `${n}` })).session_id)
      if (n < 4) await manager.endSession('a')
    }
    for (const newestFirst of [false, true]) {
      const found: string[] = []
      let after: string | undefined
      do {
        const page = await manager.listSessions('a', { limit: 2, newestFirst, after })
        found.push(...page.items.map(({ id }) => id))
        after = page.next
      } while (after !== undefined)
      expect(found).toEqual(newestFirst ? [...ids].reverse() : ids)
    }
    expect((await manager.getWorkstream('a')).active_session).toMatchObject({ id: ids[4], status: 'active' })
    await expect(manager.listSessions('a', { after: 'x' })).rejects.toMatchObject(invalid('after'))
  })

  it('are ended only while they are active, and only the one that is named', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    await expect(manager.endSession('a')).rejects.toMatchObject({
      code: 'SESSION_NOT_ACTIVE',
      details: { workstreamId: 'a', sessionId: null },
    })
    const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'x' })
    await expect(manager.endSession('a', 'ses_x')).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
      details: { workstreamId: 'a', sessionId: 'ses_x' },
    })
    expect(await manager.endSession('a', session_id)).toMatchObject({ id: session_id, status: 'ended' })
    await manager.sendMessage({ workstream: 'a', content: 'y' })
    await expect(manager.endSession('a', session_id)).rejects.toMatchObject({
      code: 'SESSION_NOT_ACTIVE',
      details: { sessionId: session_id },
    })
  })
})

describe('importConversation', () => {
  const source = { format: 'jsonl', conversation_id: '/home/ann/chat.jsonl' }
  const messages = (...minutes: number[]) =>
    minutes.map((minute) => ({
      key: `m${minute}`,
      role: 'user' as const,
      content: `minute ${minute}`,
      timestamp: new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString(),
    }))

  it('adds only what is new when it is asked again', async () => {
    const { dir, manager } = await opened()
    const first = await manager.importConversation({ source, title: 'Chat', messages: messages(0, 1) })
    expect(first).toMatchObject({
      created: true,
      added: 2,
      alreadyThere: 0,
      sessions: 1,
      workstream: { title: 'Chat', message_count: 2 },
    })
    const before = dir.snapshot()
    const again = await manager.importConversation({ source, title: 'Other', messages: messages(0, 1) })
    expect(again).toMatchObject({
      created: false,
      added: 0,
      alreadyThere: 2,
      sessions: 0,
      workstream: first.workstream,
    })
    expect(dir.snapshot()).toEqual(before)
    const more = await (await dir.open()).importConversation({ source, messages: messages(0, 1, 2) })
    expect(more).toMatchObject({ created: false, added: 1, alreadyThere: 2, sessions: 0 })
    expect(await contentsOf(manager, first.workstream.id)).toEqual(['minute 0', 'minute 1', 'minute 2'])
    await expectLevelWithLogs(manager)
  })

  it('adds only what is new after the index was lost', async () => {
    const { dir, manager } = await opened()
    const { workstream } = await manager.importConversation({ source, messages: messages(0, 1) })
    rmSync(dir.indexPath)
    expect(await manager.importConversation({ source, messages: messages(0, 1, 2) })).toMatchObject({
      added: 1,
      workstream: { id: workstream.id },
    })
  })

  it('puts a border between sessions where a silence was longer than the idle time', async () => {
    const { manager } = await opened()
    const report = await manager.importConversation({ source, messages: messages(0, 30, 61, 62, 200) })
    expect(report).toMatchObject({ added: 5, sessions: 3 })
    const { items } = await manager.listSessions(report.workstream.id)
    expect(items).toMatchObject([
      {
        status: 'ended',
        reason: 'imported',
        message_count: 2,
        started_at: '2025-01-01T00:00:00.000Z',
        ended_at: '2025-01-01T00:30:00.000Z',
      },
      {
        status: 'ended',
        reason: 'imported',
        message_count: 2,
        started_at: '2025-01-01T01:01:00.000Z',
        ended_at: '2025-01-01T01:02:00.000Z',
      },
      { status: 'ended', reason: 'imported', message_count: 1, ended_at: '2025-01-01T03:20:00.000Z' },
    ])
    expect((await manager.getWorkstream(report.workstream.id)).active_session).toBeNull()
  })

  it('keeps the sessions of two conversations in one workstream apart, whichever comes first', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const other = { format: 'jsonl', conversation_id: '/home/ann/older.jsonl' }
    await manager.importConversation({ source, into: 'a', messages: messages(1_000, 1_010) })
    const older = await manager.importConversation({ source: other, into: 'a', messages: messages(0, 5, 200) })
    expect(older).toMatchObject({ added: 3, sessions: 2 })
    const newer = await manager.importConversation({ source, into: 'a', messages: messages(1_000, 1_010, 1_011) })
    expect(newer).toMatchObject({ added: 1, sessions: 1 })
    const { items } = await manager.listSessions('a')
    expect(items.map(({ started_at, ended_at, message_count }) => [started_at, ended_at, message_count])).toEqual([
      ['2025-01-01T16:40:00.000Z', '2025-01-01T16:50:00.000Z', 2],
      ['2025-01-01T00:00:00.000Z', '2025-01-01T00:05:00.000Z', 2],
      ['2025-01-01T03:20:00.000Z', '2025-01-01T03:20:00.000Z', 1],
      ['2025-01-01T16:51:00.000Z', '2025-01-01T16:51:00.000Z', 1],
    ])
    await expectLevelWithLogs(manager)
  })

  it('lets lines that were written late stay in their session', async () => {
    const { manager } = await opened()
    const report = await manager.importConversation({ source, messages: messages(10, 35, 9, 36) })
    expect(report).toMatchObject({ added: 4, sessions: 1 })
  })

  it('puts a border between two batches as it does within one', async () => {
    const { manager } = await opened()
    const report = await manager.importConversation({ source, messages: messages(...Array(501).keys(), 700) })
    expect(report).toMatchObject({ added: 502, sessions: 2 })
    await expectLevelWithLogs(manager)
  })

  it('goes into an existing workstream and leaves its active session alone', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'live' })
    const report = await manager.importConversation({ source, title: 'ignored', into: 'a', messages: messages(0, 1) })
    expect(report).toMatchObject({ created: false, added: 2, workstream: { id: 'a', title: 'A', message_count: 3 } })
    expect((await manager.getWorkstream('a')).active_session).toMatchObject({ id: session_id, message_count: 1 })
    expect(await manager.sendMessage({ workstream: 'a', content: 'on' })).toMatchObject({ session_id, sequence: 4 })
    expect(await manager.importConversation({ source, messages: messages(0, 1) })).toMatchObject({
      added: 0,
      workstream: { id: 'a' },
    })
    await expectLevelWithLogs(manager)
  })

  it('takes a message once that its source has twice', async () => {
    const { manager } = await opened()
    const report = await manager.importConversation({ source, messages: [...messages(0, 1), ...messages(0)] })
    expect(report).toMatchObject({ added: 2, alreadyThere: 1 })
  })

  it('makes one workstream when two ask at the same time', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const reports = await Promise.all(
      [manager, other].map((handle) => handle.importConversation({ source, messages: messages(0, 1) })),
    )
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(2)
    expect((await manager.listWorkstreams()).items).toHaveLength(1)
  })

  it('keeps keys of different conversations in one workstream apart', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    await manager.importConversation({ source, into: 'a', messages: messages(0) })
    const second = { ...source, conversation_id: 'other' }
    expect(await manager.importConversation({ source: second, into: 'a', messages: messages(0) })).toMatchObject({
      added: 1,
    })
  })

  it('refuses bad input and names the field', async () => {
    const { dir, manager } = await opened()
    const good = messages(0)[0]
    for (const [input, path] of [
      [{ messages: [] }, 'source'],
      [{ source: { format: 'x' }, messages: [] }, 'source.conversation_id'],
      [{ source, messages: [good, { ...good, role: 'x' }] }, 'messages.1.role'],
      [{ source, messages: [{ ...good, timestamp: 'yesterday' }] }, 'messages.0.timestamp'],
      [{ source, messages: [{ ...good, content: '\ud83e' }] }, 'messages.0.content'],
      [{ source, title: 'x'.repeat(300), messages: [] }, 'title'],
    ] as const)
      await expect(manager.importConversation(anything(input))).rejects.toMatchObject(invalid(path))
    expect(dir.snapshot()).toEqual({})
  })
})

describe('exportLogs and restoreLogs', () => {
  async function odd(): Promise<{ dir: DataDir; manager: WorkstreamManager }> {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    dir.appendByHand('a', 'messages', '{"role":"user","content":"x","timestamp":"2026-01-15T10:00:00Z"}\r\n\n')
    dir.appendByHand('a', 'messages', Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
    dir.appendByHand('a', 'workstream', 'nonsense\n')
    await manager.sendMessage({ workstream: 'a', content: 'two' })
    return { dir, manager }
  }

  it('bring a workstream into another data dir byte for byte', async () => {
    const { dir, manager } = await odd()
    const seen = await everythingSeen(manager)
    const target = await opened()
    const restored = await target.manager.restoreLogs('a', exportedLines(manager, 'a'))
    expect(restored).toMatchObject({ id: 'a', title: 'A', message_count: 3 })
    expect(target.dir.snapshot()).toEqual(dir.snapshot())
    expect(await everythingSeen(target.manager)).toEqual(seen)
    await expectLevelWithLogs(target.manager)
  })

  it('bring it back under another id', async () => {
    const { dir, manager } = await odd()
    await manager.restoreLogs('b', exportedLines(manager, 'a'))
    const bytes = dir.snapshot()
    for (const log of ['sessions', 'messages']) expect(bytes[`b/${log}.jsonl`]).toBe(bytes[`a/${log}.jsonl`])
    // Its stamps are from before: those who follow are told.
    const [original, arrival] = [bytes['a/workstream.jsonl'] ?? '', bytes['b/workstream.jsonl'] ?? '']
    expect(arrival.startsWith(original)).toBe(true)
    expect(JSON.parse(arrival.slice(original.length))).toMatchObject({ type: 'workstream_arrived' })
    expect((await manager.listMessages('b')).items.map(({ content }) => content)).toEqual(
      await contentsOf(manager, 'a'),
    )
    await manager.sendMessage({ workstream: 'b', content: 'three' })
    await expectLevelWithLogs(manager)
  })

  it('leave a workstream alone that is there already', async () => {
    const { dir, manager } = await odd()
    const before = dir.snapshot()
    await expect(manager.restoreLogs('a', exportedLines(manager, 'a'))).rejects.toMatchObject({
      code: 'RESTORE_CONFLICT',
      details: { workstreamId: 'a' },
    })
    expect(dir.snapshot()).toEqual(before)
  })

  it('export what was there when the export began', async () => {
    const { manager } = await odd()
    const { lines } = await manager.exportLogs('a')
    await manager.sendMessage({ workstream: 'a', content: 'later' })
    let count = 0
    for await (const _ of lines('messages')) count++
    expect(count).toBe(5)
  })

  it.each(badWorkstreamIds)('restore nothing as %j', async (id) => {
    const { manager } = await odd()
    await expect(manager.restoreLogs(id, exportedLines(manager, 'a'))).rejects.toMatchObject({
      code: expect.stringMatching(/^INVALID_/),
    })
  })

  it('leave nothing behind when the lines stop coming', async () => {
    const { dir, manager } = await odd()
    const broken = async function* (): AsyncGenerator<RestoredLine> {
      for await (const line of exportedLines(manager, 'a')) {
        yield line
        if (line.log === 'messages') throw new Error('the file ends here')
      }
    }
    await expect(manager.restoreLogs('b', broken())).rejects.toThrow('the file ends here')
    await expect(manager.getWorkstream('b')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect(Object.keys(dir.snapshot()).filter((name) => name.startsWith('b/'))).toEqual([])
    expect(await manager.restoreLogs('b', exportedLines(manager, 'a'))).toMatchObject({ id: 'b' })
  })

  it('refuse a line that holds an LF, and leave nothing behind', async () => {
    const { dir, manager } = await opened()
    const lines = async function* (): AsyncGenerator<RestoredLine> {
      yield { log: 'messages', bytes: Buffer.from('{}\n{}') }
    }
    await expect(manager.restoreLogs('b', lines())).rejects.toMatchObject({ name: 'WorkstreamError' })
    expect(dir.snapshot()).toEqual({})
  })
})

describe('close', () => {
  it('ends what is under way and refuses everything after', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const sends = [1, 2, 3].map((n) => manager.sendMessage({ workstream: 'a', content: `${n}` }))
    await Promise.all([manager.close(), manager.close()])
    for (const outcome of await Promise.allSettled(sends))
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CLOSED' })
    const closed = { code: 'CLOSED' }
    await expect(manager.sendMessage({ workstream: 'a', content: 'x' })).rejects.toMatchObject(closed)
    await expect(manager.getWorkstream('a')).rejects.toMatchObject(closed)
    await expect(manager.listWorkstreams()).rejects.toMatchObject(closed)
    await expect(manager.createWorkstream()).rejects.toMatchObject(closed)
    await expect(manager.rebuildIndex()).rejects.toMatchObject(closed)
    await expect(manager.verify()).rejects.toMatchObject(closed)
    const kept = (await Promise.allSettled(sends)).filter(({ status }) => status === 'fulfilled').length
    expect(await contentsOf(await dir.open(), 'a')).toHaveLength(kept)
  })

  it('waits for sends that were given before it', async () => {
    const { manager } = await opened()
    const sends = [1, 2, 3].map((n) => manager.sendMessage({ content: `${n}` }))
    await manager.sendMessage({ content: 'first' })
    const closing = manager.close()
    await closing
    expect((await Promise.all(sends)).map(({ content }) => content)).toEqual(['1', '2', '3'])
  })
})
