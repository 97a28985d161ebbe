import type { RestoredLine } from '@arawn/core/log-store'
import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { badWorkstreamIds } from '@arawn/testkit/bad-workstream-ids'
import { describe, expect, it } from 'vitest'
import { contentsOf, everythingSeen, expectLevelWithLogs, exportedLines } from './manager-steps.js'
import { type DataDir, opened } from './open-manager.js'

describe('exportLogs and restoreLogs', () => {
  async function odd(): Promise<{ dir: DataDir; manager: LocalWorkstreamManager }> {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    dir.appendByHand('a', 'messages', '{"role":"user","content":"x","timestamp":"2026-01-15T10:00:00Z"}\r\n\n')
    dir.appendByHand('a', 'messages', Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
    dir.appendByHand('a', 'workstream', 'nonsense\n')
    await manager.sendMessage({ workstream: 'a', content: 'two' })
    return { dir, manager }
  }

  it('bring a workstream into another data dir byte for byte', async () => {
    const { dir, manager } = await odd()
    const seen = await everythingSeen(manager)
    const target = await opened()
    const restored = await target.manager.restoreLogs('a', exportedLines(manager, 'a'))
    expect(restored).toMatchObject({ id: 'a', title: 'A', message_count: 3 })
    expect(target.dir.snapshot()).toEqual(dir.snapshot())
    expect(await everythingSeen(target.manager)).toEqual(seen)
    await expectLevelWithLogs(target.manager)
  })

  it('bring it back under another id', async () => {
    const { dir, manager } = await odd()
    await manager.restoreLogs('b', exportedLines(manager, 'a'))
    const bytes = dir.snapshot()
    for (const log of ['sessions', 'messages']) expect(bytes[`b/${log}.jsonl`]).toBe(bytes[`a/${log}.jsonl`])
    // Its stamps are from before: those who follow are told.
    const [original, arrival] = [bytes['a/workstream.jsonl'] ?? '', bytes['b/workstream.jsonl'] ?? '']
    expect(arrival.startsWith(original)).toBe(true)
    expect(JSON.parse(arrival.slice(original.length))).toMatchObject({ type: 'workstream_arrived' })
    expect((await manager.listMessages('b')).items.map(({ content }) => content)).toEqual(
      await contentsOf(manager, 'a'),
    )
    await manager.sendMessage({ workstream: 'b', content: 'three' })
    await expectLevelWithLogs(manager)
  })

  it('leave a workstream alone that is there already', async () => {
    const { dir, manager } = await odd()
    const before = dir.snapshot()
    await expect(manager.restoreLogs('a', exportedLines(manager, 'a'))).rejects.toMatchObject({
      code: 'RESTORE_CONFLICT',
      details: { workstreamId: 'a' },
    })
    expect(dir.snapshot()).toEqual(before)
  })

  it('export what was there when the export began', async () => {
    const { manager } = await odd()
    const { lines } = await manager.exportLogs('a')
    await manager.sendMessage({ workstream: 'a', content: 'later' })
    let count = 0
    for await (const _ of lines('messages')) count++
    expect(count).toBe(5)
  })

  it.each(badWorkstreamIds)('restore nothing as %j', async (id) => {
    const { manager } = await odd()
    await expect(manager.restoreLogs(id, exportedLines(manager, 'a'))).rejects.toMatchObject({
      code: expect.stringMatching(/^INVALID_/),
    })
  })

  it('leave nothing behind when the lines stop coming', async () => {
    const { dir, manager } = await odd()
    const broken = async function* (): AsyncGenerator<RestoredLine> {
      for await (const line of exportedLines(manager, 'a')) {
        yield line
        if (line.log === 'messages') throw new Error('the file ends here')
      }
    }
    await expect(manager.restoreLogs('b', broken())).rejects.toThrow('the file ends here')
    await expect(manager.getWorkstream('b')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect(Object.keys(dir.snapshot()).filter((name) => name.startsWith('b/'))).toEqual([])
    expect(await manager.restoreLogs('b', exportedLines(manager, 'a'))).toMatchObject({ id: 'b' })
  })

  it('refuse a line that holds an LF, and leave nothing behind', async () => {
    const { dir, manager } = await opened()
    const lines = async function* (): AsyncGenerator<RestoredLine> {
      yield { log: 'messages', bytes: Buffer.from('{}\n{}') }
    }
    await expect(manager.restoreLogs('b', lines())).rejects.toMatchObject({ name: 'WorkstreamError' })
    expect(dir.snapshot()).toEqual({})
  })
})
