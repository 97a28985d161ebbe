import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { createFaultyFileSystem, type Fault, type FaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs, exportedLines } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function openFaulty(): Promise<{ dir: DataDir; manager: LocalWorkstreamManager; fileSystem: FaultyFileSystem }> {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const manager = await dir.open({ fileSystem })
  for (const id of ['a', 'b', 'c']) {
    await manager.createWorkstream({ id })
    await manager.sendMessage({ workstream: id, content: `before ${id}` })
  }
  return { dir, manager, fileSystem }
}

const targets = ['a', 'b', 'c', 'a', 'b']

/** Sends that end up in one group. */
function sendGroup(manager: LocalWorkstreamManager) {
  return Promise.allSettled(
    targets.map((workstream, n) => manager.sendMessage({ workstream, content: `${n} to ${workstream}` })),
  )
}

const untouched = (dir: DataDir, before: Record<string, string>, workstreamId: string) =>
  Object.entries(dir.snapshot()).filter(
    ([name, bytes]) => name.startsWith(`${workstreamId}/`) && bytes !== before[name],
  )

/** Faults of one log for as long as they last: its neighbours are not affected. */
const lasting: [string, Fault[], object][] = [
  [
    'there is no room',
    [{ operation: 'write', path: 'b/messages.jsonl', errno: 'ENOSPC', times: 99 }],
    { code: 'LOG_FULL' },
  ],
  [
    'there is room for half a line',
    [
      { operation: 'write', path: 'b/messages.jsonl', writesOnly: 20 },
      { operation: 'write', path: 'b/messages.jsonl', nth: 2, errno: 'ENOSPC', times: 99 },
    ],
    { code: 'LOG_FULL' },
  ],
  [
    'a write fails',
    [{ operation: 'write', path: 'b/messages.jsonl', errno: 'EIO', times: 99 }],
    { code: 'LOG_WRITE_FAILED', details: { workstreamId: 'b', log: 'messages', operation: 'write', errno: 'EIO' } },
  ],
  [
    'a sync fails',
    [{ operation: 'sync', path: 'b/messages.jsonl', errno: 'EIO', times: 99 }],
    { code: 'LOG_WRITE_FAILED', details: { workstreamId: 'b', log: 'messages', operation: 'sync', errno: 'EIO' } },
  ],
]

describe('a group of sends while the disk fails', () => {
  it.each(lasting)('fails only those to the log that cannot be written when %s', async (_name, faults, expected) => {
    const { dir, manager, fileSystem } = await openFaulty()
    const before = dir.snapshot()
    for (const fault of faults) fileSystem.inject(fault)
    const outcomes = await sendGroup(manager)
    for (const [n, outcome] of outcomes.entries()) {
      if (targets[n] === 'b') expect(outcome).toMatchObject({ status: 'rejected', reason: expected })
      else expect(outcome).toMatchObject({ status: 'fulfilled', value: { content: `${n} to ${targets[n]}` } })
    }
    expect(untouched(dir, before, 'b')).toEqual([])
    expect(await contentsOf(manager, 'a')).toEqual(['before a', '0 to a', '3 to a'])
    expect(await contentsOf(manager, 'b')).toEqual(['before b'])

    fileSystem.heal()
    const next = await manager.sendMessage({ workstream: 'b', content: 'after' })
    expect(next.sequence).toBe(2)
    expect(await contentsOf(manager, 'b')).toEqual(['before b', 'after'])
    await expectLevelWithLogs(manager)
    const other = await dir.open()
    expect(await everythingSeen(other)).toEqual(await everythingSeen(manager))
  })

  it.each<[string, Fault]>([
    ['no room', { operation: 'write', errno: 'ENOSPC' }],
    ['a failed write', { operation: 'write', errno: 'EIO' }],
    ['a failed sync', { operation: 'sync', errno: 'EIO' }],
  ])('keeps every message in spite of %s at any one call, or says which it did not keep', async (_name, fault) => {
    const { dir, manager, fileSystem } = await openFaulty()
    for (let nth = 1; nth <= 4; nth++) {
      const before = Object.fromEntries(
        await Promise.all(['a', 'b', 'c'].map(async (id) => [id, await contentsOf(manager, id)] as const)),
      )
      fileSystem.inject({ ...fault, nth })
      const outcomes = await sendGroup(manager)
      fileSystem.heal()
      for (const id of ['a', 'b', 'c']) {
        const kept = outcomes.flatMap((outcome, n) =>
          outcome.status === 'fulfilled' && targets[n] === id ? [`${n} to ${id}`] : [],
        )
        expect(await contentsOf(manager, id), `call ${nth}`).toEqual([...(before[id] ?? []), ...kept])
      }
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/^LOG_(FULL|WRITE_FAILED)$/) })
      const fresh = await dir.open()
      expect(await dumpOf(fresh), `call ${nth}`).toEqual(await dumpOf(manager))
      await fresh.close()
      await expectLevelWithLogs(manager)
    }
  })

  it('opens one session, not two, when the first attempt of a group failed', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    await manager.endSession('a')
    fileSystem.inject({ operation: 'sync', errno: 'EIO' })
    const sent = await Promise.all([0, 1, 2].map((n) => manager.sendMessage({ workstream: 'a', content: `${n}` })))
    expect(new Set(sent.map(({ session_id }) => session_id)).size).toBe(1)
    expect(dir.recordsOf('a', 'sessions').filter(({ type }) => type === 'session_opened')).toHaveLength(2)
    await expectLevelWithLogs(manager)
  })

  it('leaves no trace of a workstream that could not be created', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'write', path: 'new/workstream.jsonl', errno: 'ENOSPC', times: 99 })
    await expect(manager.createWorkstream({ id: 'new' })).rejects.toMatchObject({ code: 'LOG_FULL' })
    await expect(manager.getWorkstream('new')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    const other = await dir.open()
    await expect(other.getWorkstream('new')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    fileSystem.heal()
    expect(await manager.createWorkstream({ id: 'new', title: 'at last' })).toMatchObject({ title: 'at last' })
    await expectLevelWithLogs(manager)
  })

  it('says that an append is uncertain when it cannot be taken back, and verifies before the next one', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'sync', path: 'b/messages.jsonl', errno: 'EIO', times: 99 })
    fileSystem.inject({ operation: 'truncate', path: 'b/messages.jsonl', errno: 'EIO', times: 99 })
    await expect(manager.sendMessage({ workstream: 'b', content: 'perhaps' })).rejects.toMatchObject({
      code: 'LOG_APPEND_UNCERTAIN',
      details: { workstreamId: 'b', log: 'messages' },
    })
    fileSystem.heal()
    const next = await manager.sendMessage({ workstream: 'b', content: 'after' })
    const contents = await contentsOf(manager, 'b')
    expect(contents.at(-1)).toBe('after')
    expect(contents).toHaveLength(next.sequence)
    expect(dir.recordsOf('b', 'messages').map(({ content }) => content)).toEqual(contents)
    await expectLevelWithLogs(manager)
  })

  it.each([1, 2, 9])('says nothing twice when %i logs of a group cannot be taken back', async (times) => {
    const { dir, manager, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'sync', path: 'messages.jsonl', errno: 'EIO' })
    fileSystem.inject({ operation: 'truncate', path: 'messages.jsonl', errno: 'EIO', times })
    const outcomes = await sendGroup(manager)
    fileSystem.heal()
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'LOG_APPEND_UNCERTAIN' } })
    for (const id of ['a', 'b', 'c']) {
      const contents = await contentsOf(manager, id)
      expect(new Set(contents).size).toBe(contents.length)
      for (const [n, { status }] of outcomes.entries())
        if (status === 'fulfilled' && targets[n] === id) expect(contents).toContain(`${n} to ${id}`)
      await manager.sendMessage({ workstream: id, content: 'after' })
      expect(dir.recordsOf(id, 'messages').map(({ content }) => content)).toEqual([...contents, 'after'])
    }
    await expectLevelWithLogs(manager)
  })

  it('lists what could not be taken back, here and in another process', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    const other = await dir.open()
    // The list of folders has a name that stays.
    dir.clock.set(Date.now() + 60_000)
    for (const handle of [manager, other]) await handle.listWorkstreams()
    fileSystem.inject({ operation: 'sync', path: 'b/messages.jsonl', errno: 'EIO' })
    fileSystem.inject({ operation: 'truncate', path: 'b/messages.jsonl', errno: 'EIO' })
    await expect(manager.sendMessage({ workstream: 'b', content: 'perhaps' })).rejects.toMatchObject({
      code: 'LOG_APPEND_UNCERTAIN',
    })
    fileSystem.heal()
    for (const handle of [other, manager]) {
      const { items } = await handle.listWorkstreams()
      expect(items.find(({ id }) => id === 'b')?.message_count).toBe(dir.recordsOf('b', 'messages').length)
    }
    expect((await other.verify()).problems).toEqual([])
  })

  it('leaves the index to others when it cannot look whether lines lack rows', async () => {
    const dir = testDir()
    let isBroken = false
    const stat = (path: string) => {
      if (isBroken && path.endsWith('.unindexed')) throw Object.assign(new Error('on purpose'), { code: 'EIO' })
      return nodeFileSystem.stat(path)
    }
    const manager = await dir.open({ fileSystem: { ...nodeFileSystem, stat } })
    const other = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await other.sendMessage({ workstream: 'a', content: 'before' })
    isBroken = true
    await expect(manager.sendMessage({ workstream: 'a', content: 'refused' })).rejects.toMatchObject({ code: 'EIO' })
    isBroken = false
    await other.sendMessage({ workstream: 'a', content: 'from the other' })
    await manager.sendMessage({ workstream: 'a', content: 'and on' })
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'from the other', 'and on'])
    // When it was not there.
    expect(dir.logger.lines.filter(({ message }) => message === 'index rebuilt')).toHaveLength(1)
  })

  it('still reads what is there when nothing can be written', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    dir.appendByHand('c', 'messages', '{"role":"user","content":"by hand","timestamp":"2026-01-15T11:00:00Z"}\n')
    fileSystem.inject({ operation: 'write', errno: 'ENOSPC', times: 999 })
    expect(await contentsOf(manager, 'a')).toEqual(['before a'])
    // It cannot be adopted now; what the index knows is shown.
    expect((await contentsOf(manager, 'c'))[0]).toBe('before c')
    fileSystem.heal()
    expect(await contentsOf(manager, 'c')).toEqual(['before c', 'by hand'])
    await expectLevelWithLogs(manager)
  })
})

describe('an index that is built while an append fails', () => {
  it('has none of the lines that were taken back', async () => {
    const { dir, manager, fileSystem } = await openFaulty()
    const other = await dir.open()
    await other.listWorkstreams()
    let fail = () => {}
    const after = new Promise<void>((resolve) => {
      fail = resolve
    })
    const written = fileSystem.calls.length
    fileSystem.inject({ operation: 'sync', path: 'b/messages.jsonl', errno: 'EIO', after })
    const sending = Promise.all(['one', 'two'].map((content) => manager.sendMessage({ workstream: 'b', content })))
    const isSyncing = () => fileSystem.calls.slice(written).some(({ operation }) => operation === 'sync')
    await expect.poll(isSyncing).toBe(true)
    const building = other.rebuildIndex()
    // It reads beside the writer, and then waits for the lock.
    await new Promise((resolve) => setTimeout(resolve, 200))
    fail()
    const sent = await sending
    await building
    const { items } = await other.listMessages('b')
    expect(items.slice(1)).toEqual(sent)
    expect((await other.verify()).problems).toEqual([])
  })
})

describe('a restore while the disk fails', () => {
  it.each<[string, Fault]>([
    ['there is no room at a late write', { operation: 'write', path: '.jsonl', nth: 4, errno: 'ENOSPC' }],
    ['a late write fails', { operation: 'write', path: '.jsonl', nth: 4, errno: 'EIO' }],
    ['the last sync fails', { operation: 'syncDirectory', path: 'workstreams', errno: 'EIO' }],
  ])('leaves nothing when %s, and the next one gives the same bytes and answers', async (_name, fault) => {
    const source = testDir()
    const original = await source.open()
    await original.createWorkstream({ id: 'big', title: 'Big' })
    // More than is written at once.
    for (let n = 0; n < 12; n++) await original.sendMessage({ workstream: 'big', content: `${n}`.repeat(600_000) })
    const { dir, manager, fileSystem } = await openFaulty()
    const before = dir.snapshot()
    const level = await dumpOf(manager)

    fileSystem.inject(fault)
    await expect(manager.restoreLogs('big', exportedLines(original, 'big'))).rejects.toMatchObject({
      code: expect.stringMatching(/^LOG_(FULL|WRITE_FAILED)$/),
    })
    expect(dir.snapshot()).toEqual(before)
    expect(await dumpOf(manager)).toEqual(level)
    await expect(manager.getWorkstream('big')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })

    expect(await manager.restoreLogs('big', exportedLines(original, 'big'))).toMatchObject({ message_count: 12 })
    // Behind its own lines it says, to those who follow, that it has come.
    const { 'big/workstream.jsonl': workstreamLog, ...others } = dir.snapshot()
    const { 'big/workstream.jsonl': exported = '', ...otherExported } = source.snapshot()
    expect(others).toEqual({ ...before, ...otherExported })
    expect(workstreamLog?.slice(0, exported.length)).toBe(exported)
    expect(await manager.getWorkstream('big')).toEqual(await original.getWorkstream('big'))
    expect(await manager.listMessages('big')).toEqual(await original.listMessages('big'))
    expect(await manager.listSessions('big')).toEqual(await original.listSessions('big'))
    await expectLevelWithLogs(manager)
  })
})
