import { readFileSync } from 'node:fs'
import path from 'node:path'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testDir } from './open-manager.js'
import { sendUntilRowsAreDue } from './stopped-time.js'

/** How often a timer of 5 ms fires while somebody asks again as soon as they are answered. */
async function ticksWhile(ask: () => Promise<unknown>, forMs = 300): Promise<number> {
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  const began = performance.now()
  while (performance.now() - began < forMs) await ask()
  clearInterval(timer)
  return ticks
}

describe('somebody who never pauses leaves time to others in the process', () => {
  it('who sends and is answered before the disk has it', async () => {
    const manager = await testDir().open({ durability: 'relaxed' })
    await manager.createWorkstream({ id: 'a' })
    expect(await ticksWhile(() => manager.sendMessage({ workstream: 'a', content: 'x' }))).toBeGreaterThan(5)
  })

  it('so that what was answered before it was on disk is there within a second', async () => {
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await testDir().open({ durability: 'relaxed', fileSystem })
    await manager.createWorkstream({ id: 'a' })
    await ticksWhile(() => manager.sendMessage({ workstream: 'a', content: 'x' }), 1_500)
    const syncs = fileSystem.calls.filter(
      ({ operation, path }) => operation === 'sync' && path.endsWith('messages.jsonl'),
    )
    expect(syncs.length).toBeGreaterThan(0)
  })

  it('who asks for what changes nothing', async () => {
    const manager = await testDir().open()
    await manager.createWorkstream({ id: 'a', title: 'x' })
    expect(await ticksWhile(() => manager.updateWorkstream('a', { title: 'x' }))).toBeGreaterThan(5)
  })

  it('who asks for what is refused', async () => {
    const manager = await testDir().open()
    await manager.createWorkstream({ id: 'a' })
    expect(await ticksWhile(() => manager.createWorkstream({ id: 'a' }).catch(() => {}))).toBeGreaterThan(5)
  })
})

it('others are told of a message that has no rows yet, also when it was written before those of the one before were committed', async () => {
  const dir = testDir()
  const manager = await dir.open({ durability: 'relaxed' })
  await sendUntilRowsAreDue(manager)
  await manager.sendMessage({ workstream: 'a', content: 'two' })
  // In the same turn of the event loop: what a process leaves that is killed now, and what others see.
  const mark = readFileSync(path.join(dir.workstreamsDir, '.unindexed'), 'utf8')
  const other = await openSqliteIndex({ path: dir.indexPath })
  onTestFinished(() => other.close())
  const rows = (await other.heads('a'))?.messages.lines
  expect({ rows, isMarked: mark !== '' || rows === 3 }).toMatchObject({ isMarked: true })
})
