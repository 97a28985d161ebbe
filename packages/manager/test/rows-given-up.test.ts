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
