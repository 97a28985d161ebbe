import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { anything, invalid } from './invalid-input.js'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { opened } from './open-manager.js'

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
