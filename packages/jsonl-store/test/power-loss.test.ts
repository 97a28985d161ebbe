import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { appendEntry, appendTo, failureOf, locked, restoreTo, textsOf } from '@arawn/testkit/log-store-steps'
import { createPowerLossFileSystem } from '@arawn/testkit/power-loss-file-system'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-store.js'
import { lines, stopAt, whole } from './restore-steps.js'

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

  it.each(['strict', 'relaxed'] as const)('a restored workstream is there as a whole, %s', async (durability) => {
    const dir = testDir()
    const fileSystem = createPowerLossFileSystem(nodeFileSystem)
    await restoreTo(await dir.open(fileSystem, durability), 'a', lines)
    fileSystem.losePower()
    expect(dir.snapshot()).toEqual(whole)
  })

  it.each([
    ['names were written last', false],
    ['names were written first', true],
  ])('a restore under way is there as a whole or not at all, at any call, when %s', async (_, namesSurvive) => {
    const recorded = createFaultyFileSystem(nodeFileSystem)
    const first = await testDir().open(recorded)
    const from = recorded.calls.length
    await restoreTo(first, 'a', lines)
    const calls = recorded.calls.slice(from)

    let found = 0
    for (let nth = 0; nth <= calls.length; nth += 1) {
      const dir = testDir()
      const powered = createPowerLossFileSystem(nodeFileSystem)
      const fileSystem = createFaultyFileSystem(powered)
      const store = await dir.open(fileSystem)
      stopAt(fileSystem, calls, nth)
      const failure = await failureOf(restoreTo(store, 'a', lines))
      powered.losePower((bytes) => (nth % 2 === 0 ? 0 : Math.floor(bytes / 2)), namesSurvive)

      const next = await dir.open()
      if ((await next.measure('a')) === undefined) {
        expect(failure, `call ${nth}`).toBeDefined()
        await restoreTo(next, 'a', lines)
      } else found += 1
      expect(dir.snapshot(), `call ${nth}`).toEqual(whole)
    }
    // The one that succeeded; with its name on disk early also the one whose last sync failed.
    expect(found).toBe(namesSurvive ? 2 : 1)
  })
})
