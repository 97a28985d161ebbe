import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'

describe('rows that are given up because a neighbour fails', () => {
  it.each([1, 3, 10])('are there for a reader all the same, with %i failing senders', async (senders) => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await dir.open({ fileSystem })
    for (const id of ['a', 'b']) {
      await manager.createWorkstream({ id })
      await manager.sendMessage({ workstream: id, content: 'before' })
    }
    const expected = ['before']
    fileSystem.inject({ operation: 'write', path: 'b/messages.jsonl', errno: 'ENOSPC', times: 99_999 })
    for (let round = 0; round < 6; round++) {
      dir.appendByHand(
        'a',
        'messages',
        `{"role":"user","content":"by hand ${round}","timestamp":"2026-01-15T11:00:00Z"}\n`,
      )
      const failing = Promise.all(
        Array.from({ length: senders }, async () => {
          for (let n = 0; n < 10; n++)
            await expect(manager.sendMessage({ workstream: 'b', content: 'no room' })).rejects.toMatchObject({
              code: 'LOG_FULL',
            })
        }),
      )
      expected.push(`by hand ${round}`)
      expect(await contentsOf(manager, 'a')).toEqual(expected)
      await manager.sendMessage({ workstream: 'a', content: `sent ${round}` })
      expected.push(`sent ${round}`)
      const { items } = await manager.listWorkstreams()
      expect(items.find(({ id }) => id === 'a')).toMatchObject({ message_count: expected.length })
      expect(await contentsOf(manager, 'a')).toEqual(expected)
      await failing
    }
    await expectLevelWithLogs(manager)
  })
})

describe('a workstream that cannot be read to the end', () => {
  it.each([
    [4, 1],
    [5, 1],
    [6, 1],
    [5, 3],
    [6, 3],
  ])('is applied as a whole or not at all, when read %i fails under %i sends', async (nth, sends) => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await dir.open({ fileSystem })
    await manager.createWorkstream({ id: 'a' })
    const { stamp } = await manager.sendMessage({ workstream: 'a', content: 'before' })
    const [said] = dir.recordsOf('a', 'messages')
    const lines = Array.from(
      { length: 3_000 },
      (_, n) => `${JSON.stringify({ ...said, id: `msg_${n}`, stamp: stamp + n + 1, content: 'x'.repeat(1_000) })}\n`,
    )
    dir.appendByHand('a', 'messages', lines.join(''))
    fileSystem.inject({ operation: 'read', path: 'a/messages.jsonl', errno: 'EIO', nth })
    const outcomes = await Promise.allSettled(
      Array.from({ length: sends }, (_, n) => manager.sendMessage({ workstream: 'a', content: `${n}` })),
    )
    for (const outcome of outcomes)
      if (outcome.status === 'fulfilled')
        expect(dir.recordsOf('a', 'messages')[outcome.value.sequence - 1]).toMatchObject({ id: outcome.value.id })
    fileSystem.heal()
    const sent = await manager.sendMessage({ workstream: 'a', content: 'after' })
    expect(sent.sequence).toBe(dir.recordsOf('a', 'messages').length)
    expect((await manager.verify()).anomalies).toEqual([])
    await expectLevelWithLogs(manager)
  })
})

describe('a log that has no room', () => {
  it('costs its neighbours no look at all the others', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await dir.open({ fileSystem })
    await Promise.all(Array.from({ length: 50 }, (_, n) => manager.createWorkstream({ id: `w${n}` })))
    await manager.createWorkstream({ id: 'full' })
    await manager.listWorkstreams()
    fileSystem.inject({ operation: 'write', path: 'full/messages.jsonl', errno: 'ENOSPC', times: 99_999 })
    const sends = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 'full' : `w${n}`)).map((workstream) =>
      manager.sendMessage({ workstream, content: 'x' }),
    )
    const outcomes = await Promise.allSettled(sends)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(dir.logger.lines.filter(({ message }) => message.includes('lags behind'))).toEqual([])
    await expectLevelWithLogs(manager)
  })
})
