import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { failureOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { contentsOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function withMessages(dir: DataDir = testDir()) {
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a' })
  for (const content of ['one', 'two']) await manager.sendMessage({ workstream: 'a', content })
  return { dir, manager }
}

/** Rows that no line of a log has made. */
async function makeWrong(indexPath: string): Promise<void> {
  const index = await openSqliteIndex({ path: indexPath })
  const transaction = await index.begin()
  const record = {
    v: 1 as const,
    stamp: 1,
    type: 'workstream_updated' as const,
    timestamp: '2026-01-15T10:00:00.000Z',
    changes: { title: 'wrong' },
  }
  const line = { kind: 'record' as const, record }
  await transaction.apply('a', [{ log: 'workstream', sequence: 9, offset: 0, length: 1, stamp: 1, line }])
  await transaction.commit()
  await index.close()
}

describe('repair', () => {
  it('builds an index anew that says something else than the logs', async () => {
    const { dir, manager } = await withMessages()
    const before = await everythingSeen(manager)
    await manager.close()
    await makeWrong(dir.indexPath)
    const again = await dir.open()
    expect((await again.verify()).ok).toBe(false)
    const { done, report } = await again.repair()
    expect(done.map(({ kind }) => kind)).toEqual(['index_rebuilt'])
    expect(report).toMatchObject({ ok: true, problems: [] })
    expect(await everythingSeen(again)).toEqual(before)
    expect((await again.repair()).done).toEqual([])
  })

  it('removes what the dead left, and only that', async () => {
    const { dir, manager } = await withMessages()
    await manager.createWorkstream({ id: 'b' })
    await manager.purgeWorkstream('b')
    const entries = readdirSync(dir.trashDir)
    const building = `${dir.indexPath}.1.building`
    const left = [path.join(dir.workstreamsDir, '.restoring-1'), path.join(dir.trashDir, '.deleting-1'), building]
    for (const folder of left.slice(0, 2)) {
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'messages.jsonl'), 'x')
    }
    writeFileSync(building, '')
    utimesSync(building, 0, 0)
    expect((await manager.verify()).leftovers).toEqual(left.slice(0, 2))
    writeFileSync(building, '')
    utimesSync(building, 0, 0)
    const { done, report } = await manager.repair()
    expect(done.map((step) => step.done).sort()).toEqual(left.map((location) => `removed ${location}`).sort())
    for (const location of left) expect(existsSync(location), location).toBe(false)
    expect(readdirSync(dir.trashDir)).toEqual(entries)
    expect(report.leftovers).toEqual([])
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two'])
  })

  it('says what it cannot mend', async () => {
    const { dir, manager } = await withMessages()
    mkdirSync(path.join(dir.folder('c'), 'messages.jsonl'), { recursive: true })
    dir.appendByHand('c', 'workstream', '{}\n')
    const { report } = await manager.repair()
    expect(report.problems.map(({ kind }) => kind)).toContain('unreadable')
    expect(report.ok).toBe(false)
  })
})

describe('restoreTornTail', () => {
  const torn = (fields: object) =>
    JSON.stringify({ role: 'user', content: 'torn', timestamp: '2026-01-15T11:00:00Z', ...fields })

  /** Has the bytes cut off by a message that comes after them. */
  async function withTail(bytes: string) {
    const { dir, manager } = await withMessages()
    dir.appendByHand('a', 'messages', bytes)
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    const [tail] = (await manager.verify()).quarantine
    if (tail === undefined) throw new Error('nothing was cut')
    return { dir, manager, tail }
  }

  it('appends a complete message as a hand-written line would be, once', async () => {
    const { dir, manager, tail } = await withTail(torn({ extra: { kept: true } }))
    expect(tail).toMatchObject({ workstreamId: 'a', text: 'user: torn', messages: 1, keptAtMs: dir.clock.nowMs() })
    const report = await manager.restoreTornTail(tail.name)
    expect(report).toMatchObject({ workstreamId: 'a', added: [expect.stringMatching(/^msg_/)], alreadyThere: 0 })
    expect(await manager.restoreTornTail(tail.name)).toEqual({ workstreamId: 'a', added: [], alreadyThere: 1 })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three', 'torn'])
    const { items } = await manager.listMessages('a', { limit: 1 })
    expect(items[0]).toMatchObject({ extra: { kept: true }, timestamp: '2026-01-15T11:00:00Z' })
    expect((await manager.listSessions('a')).items).toHaveLength(1)
    expect(dir.quarantined()).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })

  it('adds nothing that was sent again meanwhile', async () => {
    const { dir, manager } = await withMessages()
    const { items } = await manager.listMessages('a')
    dir.appendByHand('a', 'messages', torn({ id: items[1]?.id, session_id: items[1]?.session_id, v: 1, stamp: 5 }))
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    const [name = ''] = dir.quarantined()
    expect(await manager.restoreTornTail(name)).toMatchObject({ added: [], alreadyThere: 1 })
  })

  it.each([
    ['half a message', '{"role":"user","content":"to'],
    ['no message', '{"v":1}'],
  ])('refuses what holds %s', async (_, bytes) => {
    const { dir, manager, tail } = await withTail(bytes)
    const before = dir.snapshot()
    expect(tail).toMatchObject({ text: bytes, messages: 0 })
    expect(await failureOf(manager.restoreTornTail(tail.name))).toMatchObject({ code: 'INVALID_INPUT' })
    expect(await failureOf(manager.restoreTornTail('a.messages.1.1.torn'))).toMatchObject({
      code: 'TORN_TAIL_NOT_FOUND',
    })
    expect(dir.snapshot()).toEqual(before)
  })

  it('writes into no workstream that is archived or gone', async () => {
    const { manager, tail } = await withTail(torn({}))
    await manager.archiveWorkstream('a')
    expect(await failureOf(manager.restoreTornTail(tail.name))).toMatchObject({ code: 'WORKSTREAM_ARCHIVED' })
    await manager.purgeWorkstream('a')
    expect(await failureOf(manager.restoreTornTail(tail.name))).toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
  })
})
