import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { WorkstreamError } from '@arawn/core/error'
import { failureOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function withConversation(dir: DataDir = testDir()) {
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a', title: 'Notes', tags: ['x'] })
  await manager.sendMessage({ workstream: 'a', content: 'one' })
  await manager.sendMessage({ workstream: 'a', content: 'two', role: 'assistant' })
  await manager.createWorkstream({ id: 'b' })
  return { dir, manager }
}

const notFound = { code: 'WORKSTREAM_NOT_FOUND' }
const trashed = (dir: DataDir) => (existsSync(dir.trashDir) ? readdirSync(dir.trashDir) : [])

describe('purgeWorkstream', () => {
  it('moves the folder to the trash as it is, and forgets every row', async () => {
    const { dir, manager } = await withConversation()
    writeFileSync(path.join(dir.folder('a'), 'notes.txt'), 'mine')
    const bytes = dir.bytesOf('a', 'messages')
    const { trashed: entry, workstream } = await manager.purgeWorkstream('notes')
    expect(workstream).toMatchObject({ id: 'a', message_count: 2 })
    expect(entry.name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.a$/)
    expect(trashed(dir)).toEqual([entry.name])
    expect(existsSync(dir.folder('a'))).toBe(false)
    expect(readdirSync(path.join(dir.trashDir, entry.name)).sort()).toEqual([
      'messages.jsonl',
      'notes.txt',
      'sessions.jsonl',
      'workstream.jsonl',
    ])
    expect((await dumpOf(manager)).filter((row) => row.includes('"a"'))).toEqual([])
    for (const call of [
      manager.getWorkstream('a'),
      manager.getWorkstream('Notes'),
      manager.listMessages('a'),
      manager.sendMessage({ workstream: 'a', content: 'late' }),
      manager.archiveWorkstream('a'),
    ])
      expect(await failureOf(call)).toMatchObject(notFound)
    await expectLevelWithLogs(manager)
    const restored = await manager.restoreFromTrash(entry.name)
    expect(restored).toEqual(workstream)
    expect(dir.bytesOf('a', 'messages')).toBe(bytes)
  })

  it('takes archived ones, and never scratch', async () => {
    const { dir, manager } = await withConversation()
    await manager.archiveWorkstream('a')
    await manager.purgeWorkstream('a')
    await manager.sendMessage({ content: 'to scratch' })
    expect(await failureOf(manager.purgeWorkstream('scratch'))).toMatchObject({
      code: 'STATE_CHANGE_REFUSED',
      details: { workstreamId: 'scratch', to: 'purged' },
    })
    expect(trashed(dir)).toHaveLength(1)
    expect(await contentsOf(manager, 'scratch')).toEqual(['to scratch'])
  })

  it('is seen at once by a handle that has written to it, which writes to no file of it any more', async () => {
    const { dir, manager } = await withConversation()
    const other = await dir.open()
    await other.sendMessage({ workstream: 'a', content: 'three' })
    const { trashed: entry } = await manager.purgeWorkstream('a')
    const inTrash = () => readdirSync(path.join(dir.trashDir, entry.name)).length
    const bytes = entry.bytes
    // One that has the rows in memory, and the log open.
    expect(await failureOf(other.sendMessage({ workstream: 'a', content: 'late' }))).toMatchObject(notFound)
    expect(await failureOf(other.listMessages('a'))).toMatchObject(notFound)
    expect((await other.listTrash())[0]).toMatchObject({ bytes, title: 'Notes' })
    expect(inTrash()).toBe(3)
    expect(existsSync(dir.folder('a'))).toBe(false)
  })

  it('is noticed when the one who purged died before the rows were gone', async () => {
    const { dir, manager } = await withConversation()
    const other = await dir.open()
    await other.sendMessage({ workstream: 'a', content: 'three' })
    mkdirSync(dir.trashDir)
    renameSync(dir.folder('a'), path.join(dir.trashDir, '2026-01-15T10-00-00-000Z.a'))
    expect(await failureOf(other.sendMessage({ workstream: 'a', content: 'late' }))).toMatchObject(notFound)
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['b'])
    expect(await failureOf(manager.getWorkstream('a'))).toMatchObject(notFound)
    expect(await dumpOf(other)).toEqual(await dumpOf(manager))
    await expectLevelWithLogs(other)
    await other.restoreFromTrash('a')
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three'])
  })

  it('frees the id: what is made anew is another workstream, for every handle', async () => {
    const { dir, manager } = await withConversation()
    const other = await dir.open()
    await other.sendMessage({ workstream: 'a', content: 'old' })
    const { trashed: entry } = await manager.purgeWorkstream('a')
    await manager.createWorkstream({ id: 'a', title: 'New' })
    await other.sendMessage({ workstream: 'a', content: 'new' })
    expect(await contentsOf(manager, 'a')).toEqual(['new'])
    expect(await failureOf(other.restoreFromTrash(entry.name))).toMatchObject({
      code: 'RESTORE_CONFLICT',
      details: { workstreamId: 'a' },
    })
    expect((await manager.listTrash()).map(({ title }) => title)).toEqual(['Notes'])
    expect((await other.purgeWorkstream('a')).trashed.name).not.toBe(entry.name)
    await manager.restoreFromTrash(entry.name)
    expect(await contentsOf(other, 'a')).toEqual(['one', 'two', 'old'])
    await expectLevelWithLogs(other)
  })

  it('leaves nothing behind of what was sent at the same time: a message is there or in the trash', async () => {
    const { dir, manager } = await withConversation()
    const other = await dir.open()
    const sends = Array.from({ length: 40 }, (_, n) =>
      (n % 2 === 0 ? manager : other).sendMessage({ workstream: 'a', content: `sent ${n}` }),
    )
    const purge = manager.purgeWorkstream('a')
    const late = Array.from({ length: 10 }, (_, n) => other.sendMessage({ workstream: 'a', content: `late ${n}` }))
    const outcomes = await Promise.allSettled([...sends, ...late])
    await purge
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(notFound)
    const acknowledged = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []))
    expect(existsSync(dir.folder('a'))).toBe(false)
    await other.restoreFromTrash('a')
    const { items } = await manager.listMessages('a', { limit: 1_000 })
    expect(items.map(({ id }) => id).filter((id) => acknowledged.includes(id))).toHaveLength(acknowledged.length)
    expect(items).toHaveLength(acknowledged.length + 2)
    await expectLevelWithLogs(manager)
  })

  it('does not come back by an import into it that was under way', async () => {
    const { dir, manager } = await withConversation()
    const messages = [{ key: '1', role: 'user' as const, content: 'imported' }]
    const source = { format: 'jsonl', conversation_id: 'c' }
    const importing = failureOf(manager.importConversation({ source, into: 'a', messages }))
    const purging = manager.purgeWorkstream('a')
    const failure = await importing
    await purging
    expect(failure === undefined || (failure instanceof WorkstreamError && failure.code)).toSatisfy((code) =>
      [true, 'WORKSTREAM_NOT_FOUND'].includes(code),
    )
    expect(existsSync(dir.folder('a'))).toBe(false)
  })

  it('says what of it stands elsewhere', async () => {
    const { dir, manager } = await withConversation()
    const at = { v: 1, timestamp: '2026-01-15T10:00:00.000Z' }
    const stamp = () => Number(dir.clock.nowMs()) * 1000 + 500_000
    dir.appendByHand(
      'b',
      'sessions',
      `${JSON.stringify({ ...at, stamp: stamp(), type: 'promotion_started', id: 'p1', target_id: 'a', coverage: [[1, 3]] })}\n`,
    )
    dir.appendByHand(
      'a',
      'sessions',
      `${JSON.stringify({ ...at, stamp: stamp(), type: 'promotion_started', id: 'p2', target_id: 'c', coverage: [[1, 1]] })}\n`,
    )
    await manager.getWorkstream('b')
    const fork = await manager.forkWorkstream('a', { id: 'fork-of-a' })
    expect((await manager.purgeWorkstream('a')).elsewhere).toEqual({
      promotedTo: [{ workstreamId: 'c', messages: 1 }],
      promotedFrom: [{ workstreamId: 'b', messages: 3 }],
      forks: ['fork-of-a'],
      forkedFrom: null,
    })
    expect((await manager.purgeWorkstream('fork-of-a')).elsewhere.forkedFrom).toEqual(fork.forked_from)
  })
})

describe('the trash', () => {
  it('lists what was purged, oldest first, and gives back everything', async () => {
    const { dir, manager } = await withConversation()
    const before = await everythingSeen(manager)
    await manager.purgeWorkstream('a')
    dir.clock.advance(60_000)
    await manager.purgeWorkstream('b')
    expect((await manager.listTrash()).map(({ workstreamId, title }) => [workstreamId, title])).toEqual([
      ['a', 'Notes'],
      ['b', null],
    ])
    expect((await manager.listWorkstreams({ state: 'all' })).items).toEqual([])
    await manager.restoreFromTrash('b')
    await manager.restoreFromTrash('a')
    expect(await everythingSeen(manager)).toEqual(before)
    expect(await manager.listTrash()).toEqual([])
    await manager.sendMessage({ workstream: 'a', content: 'on' })
    await expectLevelWithLogs(manager)
  })

  it('is emptied by age, by name, or as a whole', async () => {
    const { dir, manager } = await withConversation()
    await manager.createWorkstream({ id: 'c' })
    for (const id of ['a', 'b', 'c']) {
      await manager.purgeWorkstream(id)
      dir.clock.advance(10_000)
    }
    const ids = (entries: readonly { workstreamId: string }[]) => entries.map(({ workstreamId }) => workstreamId)
    expect(ids(await manager.emptyTrash({ olderThanMs: 30_000 }))).toEqual(['a'])
    const [b] = await manager.listTrash()
    expect(ids(await manager.emptyTrash(b?.name))).toEqual(['b'])
    expect(await failureOf(manager.emptyTrash(b?.name))).toMatchObject({
      code: 'TRASH_ENTRY_NOT_FOUND',
      details: { name: b?.name },
    })
    expect(ids(await manager.emptyTrash())).toEqual(['c'])
    expect(trashed(dir)).toEqual([])
  })

  it('lists an entry whose log cannot be read, without its title', async () => {
    const { dir, manager } = await withConversation()
    const { trashed: entry } = await manager.purgeWorkstream('a')
    const log = path.join(dir.trashDir, entry.name, 'workstream.jsonl')
    renameSync(log, `${log}.away`)
    mkdirSync(log)
    await manager.purgeWorkstream('b')
    expect(await manager.listTrash()).toMatchObject([{ name: entry.name, title: null }, { workstreamId: 'b' }])
    expect(await manager.findInTrash('a')).toMatchObject({ name: entry.name })
  })

  it('knows one entry by its title, or by how its name begins', async () => {
    const { dir, manager } = await withConversation()
    const { trashed: a } = await manager.purgeWorkstream('a')
    dir.clock.advance(10_000)
    const { trashed: b } = await manager.purgeWorkstream('b')
    expect(await manager.findInTrash('NOTES')).toMatchObject(a)
    expect(await manager.findInTrash(b.name.slice(0, -2))).toMatchObject(b)
    expect(await failureOf(manager.findInTrash(b.name.slice(0, 10)))).toMatchObject({
      code: 'TRASH_ENTRY_AMBIGUOUS',
      details: { candidates: [{ name: a.name, title: 'Notes' }, { name: b.name }] },
    })
    for (const reference of [b.name.slice(0, 3), `${b.name}x`])
      expect(await failureOf(manager.findInTrash(reference))).toMatchObject({ code: 'TRASH_ENTRY_NOT_FOUND' })
  })

  it('is emptied as a whole although the clock was set back', async () => {
    const { dir, manager } = await withConversation()
    for (const id of ['a', 'b']) await manager.purgeWorkstream(id)
    dir.clock.advance(-86_400_000)
    expect(await manager.emptyTrash({ olderThanMs: 1 })).toEqual([])
    expect(await manager.emptyTrash()).toHaveLength(2)
    expect(trashed(dir)).toEqual([])
  })

  it.each(['', '.', '..', '../workstreams/b', '2026-01-15T10-00-00-000Z.../b', 'nobody'])(
    'knows no entry %j, and touches nothing',
    async (name) => {
      const { dir, manager } = await withConversation()
      const before = dir.snapshot()
      expect(await failureOf(manager.restoreFromTrash(name))).toMatchObject({ code: 'TRASH_ENTRY_NOT_FOUND' })
      expect(await failureOf(manager.emptyTrash(name))).toMatchObject({
        code: name === '' ? 'INVALID_INPUT' : 'TRASH_ENTRY_NOT_FOUND',
      })
      expect(dir.snapshot()).toEqual(before)
    },
  )
})
