import { appendFileSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

const mark = (dir: DataDir) => path.join(dir.workstreamsDir, '.unindexed')

/** A writer appended this message, whose stamp is ahead of the clock, and died before it made the row. */
function dieAfterAppending(dir: DataDir, workstreamId: string, stamp: number): void {
  appendFileSync(mark(dir), 'the-dead-one\n')
  const [last] = dir.recordsOf(workstreamId, 'messages').slice(-1)
  dir.appendByHand(
    workstreamId,
    'messages',
    `${JSON.stringify({ ...last, id: 'msg_last_words', stamp, content: 'last words' })}\n`,
  )
}

describe('a writer that dies between its append and its rows', () => {
  it.each(['a list', 'a message elsewhere'])('is made up for by %s of another handle', async (what) => {
    const dir = testDir()
    const [one, other] = [await dir.open(), await dir.open()]
    for (const id of ['a', 'b']) {
      await one.createWorkstream({ id })
      await one.sendMessage({ workstream: id, content: 'before' })
    }
    expect((await other.listWorkstreams()).items).toHaveLength(2)
    const ahead = dir.recordsOf('b', 'messages').at(-1)?.stamp as number
    dieAfterAppending(dir, 'a', ahead + 5_000_000)

    if (what === 'a message elsewhere') await other.sendMessage({ workstream: 'b', content: 'after' })
    const { items } = await other.listWorkstreams()
    expect(items.find(({ id }) => id === 'a')).toMatchObject({ message_count: 2 })
    expect(readFileSync(mark(dir), 'utf8')).toBe('')

    const sent = await other.sendMessage({ workstream: 'b', content: 'later' })
    expect(sent.stamp).toBeGreaterThan(ahead + 5_000_000)
    expect(await contentsOf(one, 'a')).toEqual(['before', 'last words'])
    expect(await dumpOf(one)).toEqual(await dumpOf(other))
    await expectLevelWithLogs(one)
  })

  it('is made up for before a list, also while another one appends to something else', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const [reader, writer] = [await dir.open(), await dir.open({ fileSystem })]
    for (const id of ['a', 'b']) {
      await reader.createWorkstream({ id })
      await reader.sendMessage({ workstream: id, content: 'before' })
    }
    await writer.sendMessage({ workstream: 'b', content: 'opens the logs' })
    // A folder that has not just changed: nothing but the mark says that there is something to see.
    await new Promise((resolve) => setTimeout(resolve, 100))
    for (const handle of [reader, writer]) await handle.listWorkstreams()
    dieAfterAppending(dir, 'a', (dir.recordsOf('b', 'messages').at(-1)?.stamp as number) + 1)

    const listing = reader.listWorkstreams()
    const after = new Promise<void>((resolve) => setTimeout(resolve, 100))
    fileSystem.inject({ operation: 'sync', after, times: 9 })
    const sending = writer.sendMessage({ workstream: 'b', content: 'on a slow disk' })
    expect((await listing).items.find(({ id }) => id === 'a')).toMatchObject({ message_count: 2 })
    await sending
    await expectLevelWithLogs(writer)
  })

  it('keeps nobody from writing because another workstream cannot be read', async () => {
    const dir = testDir()
    const manager = await dir.open()
    for (const id of ['a', 'b', 'c']) {
      await manager.createWorkstream({ id })
      await manager.sendMessage({ workstream: id, content: 'before' })
    }
    await manager.listWorkstreams()
    rmSync(dir.log('b', 'messages'))
    symlinkSync(dir.log('c', 'messages'), dir.log('b', 'messages'))
    dieAfterAppending(dir, 'a', (dir.recordsOf('c', 'messages').at(-1)?.stamp as number) + 1)
    expect(await manager.sendMessage({ workstream: 'c', content: 'after' })).toMatchObject({ sequence: 2 })
    expect(await manager.sendMessage({ workstream: 'a', content: 'after' })).toMatchObject({ sequence: 3 })
    await expect(manager.sendMessage({ workstream: 'b', content: 'after' })).rejects.toMatchObject({
      code: 'LOG_READ_FAILED',
    })
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'last words', 'after'])
  })

  it('leaves nothing to do for whoever comes after one that ended well', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await Promise.all(Array.from({ length: 200 }, (_, n) => manager.sendMessage({ content: `${n}` })))
    await manager.close()
    expect(existsSync(mark(dir))).toBe(true)
    expect(readFileSync(mark(dir), 'utf8')).toBe('')
  })
})
