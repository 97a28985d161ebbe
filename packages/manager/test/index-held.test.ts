import { systemClock } from '@arawn/core/clock'
import { WorkstreamError } from '@arawn/core/error'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { expect, it, onTestFinished } from 'vitest'
import { contentsOf } from './manager-steps.js'
import { opened, testDir } from './open-manager.js'

it('somebody else who keeps the index locked is waited for once, not once for each sender', async () => {
  const { dir, manager } = await opened()
  await manager.createWorkstream({ id: 'a' })
  // Whoever reads waits for the rows.
  await manager.getWorkstream('a')
  const other = await openSqliteIndex({ path: dir.indexPath })
  onTestFinished(() => other.close())
  const held = await other.begin()
  const began = performance.now()
  const refused = await Promise.all(
    [1, 2, 3].map((n) => manager.sendMessage({ workstream: 'a', content: `${n}` }).catch((error: unknown) => error)),
  )
  for (const error of refused) expect(error).toMatchObject({ code: 'LOCK_TIMEOUT', details: { waitedMs: 5_000 } })
  expect(performance.now() - began).toBeLessThan(9_000)
  await held.rollback()
  await manager.sendMessage({ workstream: 'a', content: 'after' })
  expect(await contentsOf(manager, 'a')).toEqual(['after'])
})

it('and nobody is left without an answer when that begins after a write that they shared has failed', async () => {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const index = await openSqliteIndex({ path: dir.indexPath })
  let begunBeforeItIsHeld = Number.POSITIVE_INFINITY
  const begin = async () => {
    if (begunBeforeItIsHeld-- > 0) return index.begin()
    throw new WorkstreamError('LOCK_TIMEOUT', 'somebody else has it', { waitedMs: 1 })
  }
  const { workstreamsDir, quarantineDir, trashDir } = dir
  const log = await openJsonlLogStore({ workstreamsDir, quarantineDir, trashDir, fileSystem }, { durability: 'strict' })
  const manager = createWorkstreamManager(
    { log, index: { ...index, begin }, clock: systemClock, ids: typeIds },
    { sessionTimeoutMs: 60_000, lockTimeoutMs: 5_000 },
  )
  onTestFinished(() => manager.close())
  await manager.createWorkstream({ id: 'a' })
  await manager.getWorkstream('a')
  const send = (content: string) => manager.sendMessage({ workstream: 'a', content })
  fileSystem.inject({ operation: 'write', path: 'messages.jsonl', errno: 'ENOSPC', times: 1 })
  begunBeforeItIsHeld = 1
  const refused = await Promise.all(['1', '2', '3'].map((content) => send(content).catch((error: unknown) => error)))
  for (const error of refused) expect(error).toMatchObject({ code: 'LOCK_TIMEOUT' })
  begunBeforeItIsHeld = Number.POSITIVE_INFINITY
  await send('after')
  expect(await contentsOf(manager, 'a')).toEqual(['after'])
})
