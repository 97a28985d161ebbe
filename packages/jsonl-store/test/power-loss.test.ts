import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { appendEntry, appendTo, failureOf, locked, textsOf } from '@arawn/testkit/log-store-steps'
import { createPowerLossFileSystem } from '@arawn/testkit/power-loss-file-system'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-store.js'

describe('after a power cut', () => {
  it('every acknowledged line is there, new folders included', async () => {
    const dir = testDir()
    const fileSystem = createPowerLossFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem)
    await appendTo(store, appendEntry('a', 'workstream', '1'), appendEntry('a', 'messages', '2'))
    await appendTo(store, appendEntry('a', 'sessions', '3'), appendEntry('b', 'messages', '4'))
    await appendTo(store, appendEntry('a', 'messages', '5'))
    fileSystem.losePower()

    const next = await dir.open(fileSystem)
    expect(await next.listWorkstreams()).toEqual(['a', 'b'])
    expect(await textsOf(next, 'a', 'workstream')).toEqual(['1'])
    expect(await textsOf(next, 'a', 'sessions')).toEqual(['3'])
    expect(await textsOf(next, 'a', 'messages')).toEqual(['2', '5'])
    expect(await textsOf(next, 'b', 'messages')).toEqual(['4'])
  })

  it('an append under way is there in part at the most, and never glued to', async () => {
    for (let surviving = 0; surviving <= 12; surviving += 1) {
      const dir = testDir()
      const fileSystem = createPowerLossFileSystem(nodeFileSystem)
      const store = await dir.open(fileSystem)
      await appendTo(store, appendEntry('a', 'messages', 'one'))
      const underWay = failureOf(appendTo(store, appendEntry('a', 'messages', 'two', 'three')))
      while (dir.readByHand('a', 'messages').length === 4) await new Promise((resolve) => setImmediate(resolve))
      fileSystem.losePower(() => surviving)
      await underWay

      const next = await dir.open(fileSystem)
      await appendTo(next, appendEntry('a', 'messages', 'next'))
      const left = (await textsOf(next, 'a', 'messages')).join(' ')
      expect(['one next', 'one two next', 'one two three next']).toContain(left)
    }
  })

  it('lines that a dead process left unsynced are on disk once something was built on them', async () => {
    const dir = testDir()
    const fileSystem = createPowerLossFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem)
    await appendTo(store, appendEntry('a', 'sessions', 'one'), appendEntry('a', 'messages', 'one'))
    // What a process leaves that is killed between its write and its sync.
    const killed = fileSystem.open(dir.log('a', 'sessions'), 'append')
    killed.write(Buffer.from('two\n'))
    killed.close()
    await locked(store, async (writer) => {
      expect((await writer.prepare('a'))?.sessions.bytes).toBe(8)
      await writer.append([appendEntry('a', 'messages', 'of session two')])
    })
    fileSystem.losePower()

    const next = await dir.open(fileSystem)
    expect(await textsOf(next, 'a', 'sessions')).toEqual(['one', 'two'])
    expect(await textsOf(next, 'a', 'messages')).toEqual(['one', 'of session two'])
  })

  it('relaxed durability loses what was not synced yet, and only that', async () => {
    const dir = testDir()
    const fileSystem = createPowerLossFileSystem(nodeFileSystem)
    const first = await dir.open(fileSystem, 'relaxed')
    await appendTo(first, appendEntry('a', 'messages', 'one'))
    await first.close()
    const second = await dir.open(fileSystem, 'relaxed')
    await appendTo(second, appendEntry('a', 'messages', 'two'), appendEntry('b', 'messages', 'three'))
    fileSystem.losePower()

    const next = await dir.open(fileSystem)
    expect(await next.listWorkstreams()).toEqual(['a'])
    expect(await textsOf(next, 'a', 'messages')).toEqual(['one'])
  })
})
