import { existsSync, readdirSync } from 'node:fs'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { failureOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function withTwoSessions(dir: DataDir = testDir()) {
  const manager = await dir.open()
  await manager.createWorkstream({
    id: 'a',
    title: 'Notes',
    tags: ['x'],
    metadata: { team: 'web' },
    default_model: 'm',
  })
  const sent: string[] = []
  for (const content of ['one', 'two', 'three', 'four']) {
    sent.push((await manager.sendMessage({ workstream: 'a', content, author: 'ada' })).id)
    dir.clock.advance(1_000)
    if (content === 'two') await manager.endSession('a')
  }
  return { dir, manager, sent }
}

async function messagesOf(manager: WorkstreamManager, reference: string) {
  const { items } = await manager.listMessages(reference, { limit: 1_000 })
  return items.map(({ stamp: _stamp, sequence: _sequence, ...said }) => said)
}

describe('forkWorkstream', () => {
  it('copies all that was said, with its ids and times', async () => {
    const { dir, manager, sent } = await withTwoSessions()
    const fork = await manager.forkWorkstream('notes')
    const original = await manager.getWorkstream('a')
    expect(fork).toMatchObject({
      title: 'Notes (fork)',
      tags: ['x'],
      metadata: { team: 'web' },
      default_model: 'm',
      message_count: 4,
      forked_from: { workstream_id: 'a', message_id: sent[3] },
    })
    expect(fork.id).toMatch(/^ws_/)
    expect(original.forked_from).toBeNull()
    expect(await messagesOf(manager, fork.id)).toEqual(await messagesOf(manager, 'a'))
    const stamps = [...dir.recordsOf('a', 'messages'), ...dir.recordsOf(fork.id, 'messages')].map(({ stamp }) => stamp)
    expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => Number(a) - Number(b)))
    await expectLevelWithLogs(manager)
  })

  it('has the sessions of the original under their ids, none of them active', async () => {
    const { manager } = await withTwoSessions()
    const fork = await manager.forkWorkstream('a', { id: 'f' })
    const originals = (await manager.listSessions('a')).items
    const { items } = await manager.listSessions('f')
    expect(items.map(({ id, started_at }) => [id, started_at])).toEqual(
      originals.map(({ id, started_at }) => [id, started_at]),
    )
    expect(items.map(({ status, reason, message_count }) => [status, reason, message_count])).toEqual([
      ['ended', 'imported', 2],
      ['ended', 'imported', 2],
    ])
    expect((await manager.getWorkstream('f')).active_session).toBeNull()
    expect((await manager.getWorkstream('a')).active_session?.id).toBe(originals[1]?.id)
    await manager.sendMessage({ workstream: 'f', content: 'on' })
    expect((await manager.listSessions('f')).items).toHaveLength(3)
    expect(fork.last_message_at).toBe((await manager.getWorkstream('a')).last_message_at)
  })

  it('ends with the message that is named, by id or by number', async () => {
    const { manager, sent } = await withTwoSessions()
    await manager.forkWorkstream('a', { id: 'by-id', message: sent[1] })
    await manager.forkWorkstream('a', { id: 'by-number', message: 3, title: 'Three' })
    expect(await contentsOf(manager, 'by-id')).toEqual(['one', 'two'])
    expect((await manager.listSessions('by-id')).items).toHaveLength(1)
    expect(await contentsOf(manager, 'by-number')).toEqual(['one', 'two', 'three'])
    expect(await manager.getWorkstream('three')).toMatchObject({
      id: 'by-number',
      forked_from: { workstream_id: 'a', message_id: sent[2] },
    })
  })

  it('takes no keys along, and no source: a repeated request or import is for the original', async () => {
    const { dir, manager } = await withTwoSessions()
    const source = { format: 'jsonl', conversation_id: 'c' }
    const message = (key: string) => ({ key, role: 'user' as const, content: key })
    const { workstream } = await manager.importConversation({ source, messages: [message('1')] })
    dir.appendByHand(
      workstream.id,
      'messages',
      `${JSON.stringify({ role: 'user', content: 'k', timestamp: '2026-01-15T10:00:00Z', extra: [1], idempotency: { key: 'k', request_hash: 'h' } })}\n`,
    )
    const fork = await manager.forkWorkstream(workstream.id)
    expect(JSON.stringify(dir.recordsOf(fork.id, 'workstream'))).not.toContain('"source"')
    expect(dir.recordsOf(fork.id, 'messages')[1]).toMatchObject({ content: 'k', extra: [1] })
    expect(dir.bytesOf(fork.id, 'messages')).not.toContain('idempotency')
    const again = await manager.importConversation({ source, messages: [message('1'), message('2')] })
    expect(again).toMatchObject({ added: 1, workstream: { id: workstream.id } })
    expect(await contentsOf(manager, fork.id)).toEqual(['1', 'k'])
  })

  it('leaves out what was moved elsewhere, and lines that are no messages', async () => {
    const { dir, manager, sent } = await withTwoSessions()
    dir.appendByHand(
      'a',
      'messages',
      'nonsense\n{"role":"user","content":"by hand","timestamp":"2026-01-15T12:00:00Z"}\n',
    )
    const promotion = { v: 1, timestamp: '2026-01-15T10:00:00.000Z', id: 'p' }
    const stamp = dir.clock.nowMs() * 1000
    const started = { ...promotion, stamp, type: 'promotion_started', target_id: 'b', coverage: [[2, 3]] }
    const completed = { ...promotion, stamp: stamp + 1, type: 'promotion_completed' }
    dir.appendByHand('a', 'sessions', `${JSON.stringify(started)}\n${JSON.stringify(completed)}\n`)
    await manager.forkWorkstream('a', { id: 'f' })
    expect(await contentsOf(manager, 'f')).toEqual(['one', 'four', 'by hand'])
    expect(await messagesOf(manager, 'f')).toEqual(await messagesOf(manager, 'a'))
    for (const message of [2, sent[1], 5, 99, 0, 'nobody'])
      expect(await failureOf(manager.forkWorkstream('a', { message }))).toMatchObject({ code: 'MESSAGE_NOT_FOUND' })
    await expectLevelWithLogs(manager)
  })

  it('makes a fork of an empty, of an archived, of the scratch workstream, and of a fork', async () => {
    const { manager } = await withTwoSessions()
    await manager.createWorkstream({ id: 'empty' })
    expect(await manager.forkWorkstream('empty', { id: 'f0' })).toMatchObject({
      title: null,
      message_count: 0,
      forked_from: { workstream_id: 'empty', message_id: null },
    })
    await manager.archiveWorkstream('a')
    expect(await manager.forkWorkstream('a', { id: 'f1' })).toMatchObject({ state: 'active' })
    await manager.sendMessage({ content: 'scratched' })
    expect(await manager.forkWorkstream('scratch', { id: 'f2' })).toMatchObject({ is_scratch: false, message_count: 1 })
    expect(await manager.forkWorkstream('f1', { id: 'f3' })).toMatchObject({
      title: 'Notes (fork) (fork)',
      forked_from: { workstream_id: 'f1' },
    })
    await expectLevelWithLogs(manager)
  })

  it('refuses an id that is taken, and unknown originals, and makes nothing then', async () => {
    const { dir, manager } = await withTwoSessions()
    await manager.createWorkstream({ id: 'b' })
    const before = dir.snapshot()
    expect(await failureOf(manager.forkWorkstream('a', { id: 'b' }))).toMatchObject({ code: 'WORKSTREAM_EXISTS' })
    expect(await failureOf(manager.forkWorkstream('a', { id: 'scratch' }))).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await failureOf(manager.forkWorkstream('a', { title: '' }))).toMatchObject({ details: { path: 'title' } })
    expect(await failureOf(manager.forkWorkstream('nobody'))).toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect(dir.snapshot()).toEqual(before)
  })

  it('copies what was there, while others go on', async () => {
    const { dir, manager } = await withTwoSessions()
    const other = await dir.open()
    const sends = Array.from({ length: 30 }, (_, n) => other.sendMessage({ workstream: 'a', content: `more ${n}` }))
    const forks = await Promise.all([manager.forkWorkstream('a'), other.forkWorkstream('a'), ...sends])
    for (const { id } of forks.slice(0, 2)) {
      const copied = await contentsOf(manager, id)
      expect(copied.length).toBeGreaterThanOrEqual(4)
      expect((await contentsOf(manager, 'a')).slice(0, copied.length)).toEqual(copied)
    }
    expect(await dumpOf(manager)).toEqual(await dumpOf(other))
    expect(await everythingSeen(manager)).toEqual(await everythingSeen(other))
    await expectLevelWithLogs(manager)
    expect(readdirSync(dir.workstreamsDir).filter((name) => name.startsWith('.restoring'))).toEqual([])
  })

  it('outlives its original', async () => {
    const { dir, manager } = await withTwoSessions()
    await manager.forkWorkstream('a', { id: 'f' })
    await manager.purgeWorkstream('a')
    await manager.emptyTrash()
    expect(existsSync(dir.folder('a'))).toBe(false)
    expect(await contentsOf(manager, 'f')).toEqual(['one', 'two', 'three', 'four'])
    expect((await manager.getWorkstream('f')).forked_from?.workstream_id).toBe('a')
  })
})
