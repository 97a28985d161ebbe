import { mkdirSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectSound, line, said, withHistory } from './foreign-lines.js'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'

describe('a line that was written by hand', () => {
  it('is a message of the session of the line before it', async () => {
    const { dir, manager, sessionId } = await withHistory()
    dir.appendByHand('a', 'messages', said('by hand'))
    const { items } = await manager.listMessages('a')
    expect(items.at(-1)).toMatchObject({
      sequence: 3,
      session_id: sessionId,
      role: 'user',
      content: 'by hand',
      timestamp: '2026-01-15T10:05:00Z',
      id: expect.stringMatching(/^msg_/),
    })
    expect(await manager.getWorkstream('a')).toMatchObject({
      message_count: 3,
      last_message_at: '2026-01-15T10:05:00.000Z',
      active_session: { id: sessionId, message_count: 3, turn_count: 2 },
    })
    await expectSound(manager)
  })

  it('is announced once by a record, whoever sees it first', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    dir.appendByHand('a', 'messages', said('x') + said('y'))
    await Promise.all([manager.listMessages('a'), other.listMessages('a'), other.getWorkstream('a')])
    await manager.rebuildIndex()
    await (await dir.open()).listMessages('a')
    const adopted = dir.recordsOf('a', 'workstream').filter(({ type }) => type === 'log_adopted')
    expect(adopted).toMatchObject([{ v: 1, log: 'messages', first_sequence: 3, last_sequence: 4 }])
    await expectSound(manager)
  })

  it('keeps its id over a rebuild, a new index and another handle', async () => {
    const { dir, manager } = await withHistory()
    dir.appendByHand('a', 'messages', said('x'))
    const before = (await manager.listMessages('a')).items
    await manager.rebuildIndex()
    expect((await manager.listMessages('a')).items).toEqual(before)
    rmSync(dir.indexPath)
    expect((await (await dir.open()).listMessages('a')).items).toEqual(before)
    expect((await manager.listMessages('a', { around: before[2]?.id as string })).items).toEqual(before)
  })

  it('stays exactly as it was written', async () => {
    const { dir, manager } = await withHistory()
    const bytes = dir.bytesOf('a', 'messages')
    dir.appendByHand('a', 'messages', said('x'))
    await manager.sendMessage({ workstream: 'a', content: 'after' })
    expect(dir.bytesOf('a', 'messages').startsWith(bytes + said('x'))).toBe(true)
  })

  it('is in order with messages sent before and after it, by several handles', async () => {
    const { dir, manager, sessionId } = await withHistory()
    const other = await dir.open()
    dir.appendByHand('a', 'messages', said('hand 1'))
    const three = await other.sendMessage({ workstream: 'a', content: 'other' })
    dir.appendByHand('a', 'messages', said('hand 2') + said('hand 3'))
    const seven = await manager.sendMessage({ workstream: 'a', content: 'manager' })
    expect([three.sequence, seven.sequence]).toEqual([4, 7])
    expect(seven.session_id).toBe(sessionId)
    const { items } = await other.listMessages('a')
    expect(items.map(({ content }) => content)).toEqual([
      'one',
      'two',
      'hand 1',
      'other',
      'hand 2',
      'hand 3',
      'manager',
    ])
    const stamps = items.map(({ stamp }) => stamp)
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
    await expectSound(manager)
  })

  it('keeps fields that are not ours', async () => {
    const { dir, manager } = await withHistory()
    const foreign = {
      role: 'user',
      content: 'x',
      timestamp: '2026-01-15T10:05:00+02:00',
      mood: 'curious',
      n: { deep: [1, null] },
    }
    dir.appendByHand('a', 'messages', line(foreign))
    const [last] = (await manager.listMessages('a', { limit: 1 })).items
    expect(last).toMatchObject(foreign)
    await expectSound(manager)
  })

  it('opens a workstream by itself', async () => {
    const dir = testDir()
    dir.appendByHand(
      'notes',
      'messages',
      said('only this', '2025-06-01T12:00:00.500+02:00') + said('and this', '2025-06-01T11:00:00Z', 'assistant'),
    )
    const manager = await dir.open()
    const { items } = await manager.listMessages('notes')
    expect(items.map(({ content }) => content)).toEqual(['only this', 'and this'])
    expect(new Set(items.map(({ session_id }) => session_id)).size).toBe(1)
    expect(await manager.getWorkstream('notes')).toMatchObject({
      id: 'notes',
      title: null,
      state: 'active',
      message_count: 2,
      created_at: '2025-06-01T10:00:00.500Z',
      last_message_at: '2025-06-01T11:00:00.000Z',
      active_session: null,
    })
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['notes'])
    expect((await manager.listSessions('notes')).items).toMatchObject([{ message_count: 2, turn_count: 1 }])
    await expectSound(manager)
  })

  it('is found by a handle that is open already, whichever call comes first', async () => {
    const dir = testDir()
    const manager = await dir.open()
    expect((await manager.listWorkstreams()).items).toEqual([])
    dir.appendByHand('sent', 'messages', said('hello'))
    dir.appendByHand('read', 'messages', said('hello'))
    dir.appendByHand('updated', 'messages', said('hello'))
    dir.appendByHand('created', 'messages', said('hello'))
    expect(await manager.sendMessage({ workstream: 'sent', content: 'back' })).toMatchObject({ sequence: 2 })
    expect(await contentsOf(manager, 'read')).toEqual(['hello'])
    expect(await manager.updateWorkstream('updated', { title: 'T' })).toMatchObject({ message_count: 1, title: 'T' })
    await expect(manager.createWorkstream({ id: 'created' })).rejects.toMatchObject({ code: 'WORKSTREAM_EXISTS' })
    await expectSound(manager)
  })
})

describe('logs that were changed by hand', () => {
  it('keep nobody from reading others when one of them cannot be read', async () => {
    const dir = testDir()
    const first = await dir.open()
    for (const id of ['a', 'b'])
      await first.sendMessage({ workstream: (await first.createWorkstream({ id })).id, content: id })
    await first.close()
    rmSync(dir.log('a', 'messages'))
    mkdirSync(dir.log('a', 'messages'))
    rmSync(dir.indexPath)
    const manager = await dir.open()
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['b'])
    expect(await contentsOf(manager, 'b')).toEqual(['b'])
    await manager.sendMessage({ workstream: 'b', content: 'on' })
    await expect(manager.listMessages('a')).rejects.toMatchObject({
      code: 'LOG_READ_FAILED',
      details: { errno: 'EISDIR' },
    })
    expect((await manager.verify()).problems).toMatchObject([{ workstream_id: 'a', kind: 'unreadable' }])
  })

  it('get stamps behind all that is in the log that adopts them, also ahead of the clock', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    const [created] = dir.recordsOf('a', 'workstream')
    const ahead = (created?.stamp as number) + 90_000_000
    const update = {
      ...created,
      stamp: ahead,
      type: 'workstream_updated',
      title: undefined,
      changes: { title: 'Ahead' },
    }
    dir.appendByHand('a', 'workstream', `${JSON.stringify(update)}\n`)
    dir.appendByHand('a', 'messages', '{"role":"user","content":"by hand","timestamp":"2026-01-15T11:00:00Z"}\n')
    expect(await contentsOf(manager, 'a')).toEqual(['by hand'])
    const stamps = dir.recordsOf('a', 'workstream').map(({ stamp }) => stamp as number)
    expect(stamps).toEqual([...stamps].sort((x, y) => x - y))
    expect(stamps.at(-1)).toBeGreaterThan(ahead)
    await expectLevelWithLogs(manager)
  })
})
