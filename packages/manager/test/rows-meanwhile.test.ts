import { cpSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'
import { sendUntilRowsAreDue } from './stopped-time.js'

const markOf = (dir: DataDir) => readFileSync(path.join(dir.workstreamsDir, '.unindexed'), 'utf8')

/** How many lines of its messages an index of another process has rows of. */
async function rowsOf(dir: DataDir, workstreamId: string): Promise<number | undefined> {
  const index = await openSqliteIndex({ path: dir.indexPath })
  const heads = await index.heads(workstreamId)
  await index.close()
  return heads?.messages.lines
}

/** Somebody who sends one message after the other; the disk is busy with the second one until it is let go, or fails. */
async function sendInTheMiddle(errno?: string) {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const manager = await dir.open({ fileSystem })
  const goOn = await sendUntilRowsAreDue(manager)
  let letGo = () => {}
  const busy = new Promise<void>((resolve) => {
    letGo = resolve
  })
  onTestFinished(letGo)
  fileSystem.inject({ operation: 'sync', path: 'messages.jsonl', after: busy, ...(errno && { errno }) })
  const outcome = manager.sendMessage({ workstream: 'a', content: 'two' }).then(
    () => 'sent',
    (error) => error.code,
  )
  while (dir.recordsOf('a', 'messages').length < 3) await new Promise((resolve) => setTimeout(resolve, 1))
  goOn()
  return { dir, manager, letGo, outcome }
}

describe('while the disk is busy with a message', () => {
  it('others see the rows of the one before, and that there is more to come', async () => {
    const { dir, manager, letGo, outcome } = await sendInTheMiddle()
    expect(await rowsOf(dir, 'a')).toBe(2)
    expect(markOf(dir)).toMatch(/^[^=]+\n=\n[^=]+\n$/)
    letGo()
    expect(await outcome).toBe('sent')
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'one', 'two'])
    expect(markOf(dir)).toBe('')
    await expectLevelWithLogs(manager)
  })

  it('the rows of the one before stay when it fails', async () => {
    const { dir, manager, letGo, outcome } = await sendInTheMiddle('EIO')
    letGo()
    expect(await outcome).toBe('LOG_WRITE_FAILED')
    expect(await rowsOf(dir, 'a')).toBe(2)
    expect(markOf(dir)).toBe('')
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'one', 'three'])
    await expectLevelWithLogs(manager)
  })

  it('a process that dies leaves nothing that the next one does not find', async () => {
    const { dir, outcome, letGo } = await sendInTheMiddle()
    const died = testDir()
    cpSync(dir.root, died.root, { recursive: true })
    letGo()
    await outcome
    const next = await died.open()
    expect((await next.listWorkstreams()).items.find(({ id }) => id === 'a')).toMatchObject({ message_count: 3 })
    expect(markOf(died)).toBe('')
    expect(await contentsOf(next, 'a')).toEqual(['before', 'one', 'two'])
    await expectLevelWithLogs(next)
  })
})

it('rows are made once the disk has its work, and not before', async () => {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const syncs = () => fileSystem.calls.filter(({ operation }) => operation === 'sync').length
  const index = await openSqliteIndex({ path: dir.indexPath })
  const syncsAtRows: number[] = []
  const begin = async () => {
    const transaction = await index.begin()
    const apply = async (...lines: Parameters<typeof transaction.apply>) => {
      syncsAtRows.push(syncs())
      return transaction.apply(...lines)
    }
    return { ...transaction, apply }
  }
  const log = await openJsonlLogStore({ ...dir, fileSystem }, { durability: 'strict' })
  const manager = createWorkstreamManager(
    { log, index: { ...index, begin }, clock: dir.clock, ids: typeIds },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 20_000 },
  )
  onTestFinished(() => manager.close())
  const goOn = await sendUntilRowsAreDue(manager)
  const before = syncs()
  syncsAtRows.length = 0
  await manager.sendMessage({ workstream: 'a', content: 'two' })
  goOn()
  expect(syncsAtRows[0]).toBe(before + 1)
})

it('somebody who never pauses keeps rows close behind, also when the index is deleted meanwhile', async () => {
  const dir = testDir()
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a' })
  const sent: string[] = []
  for (let round = 0; round < 3; round++) {
    const began = performance.now()
    const before = sent.length
    while (performance.now() - began < 400) {
      await manager.sendMessage({ workstream: 'a', content: `${sent.length}` })
      sent.push(`${sent.length}`)
    }
    // Asked in the same turn of the event loop: nothing can be committed because there is a pause.
    expect((await rowsOf(dir, 'a')) ?? 0).toBeGreaterThan((before + sent.length) / 2)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${dir.indexPath}${suffix}`, { force: true })
  }
  expect(dir.recordsOf('a', 'messages').map(({ content }) => content)).toEqual(sent)
  expect(await manager.getWorkstream('a')).toMatchObject({ message_count: sent.length })
  expect(markOf(dir)).toBe('')
  await expectLevelWithLogs(manager)
})
