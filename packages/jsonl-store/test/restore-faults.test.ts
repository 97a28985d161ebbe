import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FileSystem } from '@arawn/core/file-system'
import type { LogStore, RestoredLine } from '@arawn/core/log-store'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem, type FaultyFileSystem, type FileSystemCall } from '@arawn/testkit/faulty-file-system'
import { appendEntry, appendTo, failureOf, restoreTo, textsOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { type TestDir, testDir } from './open-store.js'
import { foldersIn, lines, stopAt, whole } from './restore-steps.js'

interface Faulty {
  readonly dir: TestDir
  readonly store: LogStore
  readonly fileSystem: FaultyFileSystem
}

async function openFaulty(): Promise<Faulty> {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  return { dir, store: await dir.open(fileSystem), fileSystem }
}

/** What lay there before: nothing, or logs without a line. */
const places: [string, (dir: TestDir) => void][] = [
  ['a new folder', () => {}],
  [
    'a folder of empty logs',
    (dir) => {
      for (const log of ['workstream', 'messages'] as const) dir.writeByHand('a', log, '')
    },
  ],
]

/** Every call of a restore that succeeds. */
async function callsOfRestore(before: (dir: TestDir) => void): Promise<readonly FileSystemCall[]> {
  const { dir, store, fileSystem } = await openFaulty()
  before(dir)
  const from = fileSystem.calls.length
  await restoreTo(store, 'a', lines)
  expect(dir.snapshot()).toEqual(whole)
  return fileSystem.calls.slice(from)
}

/** No workstream, no line of one, and no folder beside. */
async function expectNothing(dir: TestDir, store: LogStore): Promise<void> {
  expect(Object.values(dir.snapshot()).join('')).toBe('')
  expect(foldersIn(dir).filter((name) => name !== 'a')).toEqual([])
  expect(await store.measure('a')).toBeUndefined()
  expect(await store.listWorkstreams()).toEqual([])
}

describe.each(places)('a restore into %s', (_place, prepare) => {
  it.each(['ENOSPC', 'EIO'])('leaves nothing when any one call fails with %s, and works afterwards', async (errno) => {
    const calls = await callsOfRestore(prepare)
    expect(calls.filter(({ operation }) => operation === 'write').length).toBeGreaterThan(5)
    for (const [place, { operation, path: failing }] of calls.entries()) {
      const { dir, store, fileSystem } = await openFaulty()
      prepare(dir)
      const nth = calls.slice(0, place + 1).filter((call) => call.operation === operation).length
      fileSystem.inject({ operation, nth, errno })
      const code = errno === 'ENOSPC' ? 'LOG_FULL' : 'LOG_WRITE_FAILED'
      expect(await failureOf(restoreTo(store, 'a', lines)), `${operation} ${failing}`).toMatchObject({
        code,
        details: { workstreamId: 'a' },
      })
      await expectNothing(dir, store)
      await restoreTo(store, 'a', lines)
      expect(dir.snapshot()).toEqual(whole)
      expect(foldersIn(dir)).toEqual(['a'])
    }
  })

  it('is there as a whole or not at all when the process dies at any call', async () => {
    const calls = await callsOfRestore(prepare)
    let died = 0
    for (let nth = 0; nth <= calls.length; nth += 1) {
      const { dir, store, fileSystem } = await openFaulty()
      prepare(dir)
      stopAt(fileSystem, calls, nth)
      const failure = await failureOf(restoreTo(store, 'a', lines))
      await store.close()

      const next = await dir.open()
      if ((await next.measure('a')) === undefined) {
        died += 1
        expect(failure, `call ${nth}`).toBeDefined()
        expect(await next.listWorkstreams()).toEqual([])
        await restoreTo(next, 'a', lines)
      }
      expect(dir.snapshot(), `call ${nth}`).toEqual(whole)
      expect(foldersIn(dir)).toEqual(['a'])
    }
    expect(died).toBeGreaterThan(10)
  })
})

describe('a restore that fails', () => {
  it('leaves nothing when the disk is full in the middle of a line', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'write', path: 'messages.jsonl', writesOnly: 5 })
    fileSystem.inject({ operation: 'write', path: 'messages.jsonl', nth: 2, errno: 'EDQUOT', times: 99 })
    expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({
      code: 'LOG_FULL',
      details: { workstreamId: 'a', log: 'messages' },
    })
    await expectNothing(dir, store)
  })

  it('keeps no descriptor open', async () => {
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    let descriptors = 0
    const counting: FileSystem = {
      ...fileSystem,
      open(location, mode) {
        const file = fileSystem.open(location, mode)
        descriptors += 1
        const close = () => {
          file.close()
          descriptors -= 1
        }
        return { ...file, close }
      },
    }
    const store = await testDir().open(counting)
    for (const operation of ['write', 'sync', 'rename'] as const) {
      fileSystem.inject({ operation, errno: 'EIO' })
      expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({ code: 'LOG_WRITE_FAILED' })
      expect(descriptors).toBe(0)
    }
  })

  it('is uncertain when it cannot be taken back, and is there as a whole', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'syncDirectory', path: 'workstreams', errno: 'EIO' })
    fileSystem.inject({ operation: 'rename', nth: 2, errno: 'EIO' })
    expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({
      code: 'LOG_APPEND_UNCERTAIN',
      details: { workstreamId: 'a', log: 'workstream', errno: 'EIO' },
    })
    expect(dir.snapshot()).toEqual(whole)
    expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({ code: 'RESTORE_CONFLICT' })
  })

  it('leaves what it cannot remove to the next one, where nobody takes it for a workstream', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'sync', path: 'sessions.jsonl', errno: 'ENOSPC' })
    fileSystem.inject({ operation: 'remove', errno: 'EACCES' })
    expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({ code: 'LOG_FULL' })
    expect(foldersIn(dir)).toEqual([expect.stringMatching(/^\.restoring-/)])
    expect(dir.logger.lines).toMatchObject([{ level: 'warn', facts: { errno: 'EACCES' } }])
    expect(await store.listWorkstreams()).toEqual([])

    await restoreTo(store, 'b', lines)
    expect(foldersIn(dir)).toEqual(['b'])
  })

  it('refuses to appear once the lock file was deleted: another may hold the new one', async () => {
    const { dir, store } = await openFaulty()
    const slow = async function* (): AsyncGenerator<RestoredLine> {
      yield* lines
      rmSync(path.join(dir.workstreamsDir, '.lock'))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(await failureOf(restoreTo(store, 'a', slow()))).toMatchObject({
      code: 'LOG_WRITE_FAILED',
      details: { operation: 'lock', errno: 'ESTALE' },
    })
    await expectNothing(dir, store)
  })
})

describe('a restore finds in its place', () => {
  it('nothing but a torn tail, which goes to quarantine', async () => {
    const { dir, store } = await openFaulty()
    dir.writeByHand('a', 'messages', '{"half a li')
    await restoreTo(store, 'a', lines)
    expect(dir.snapshot()).toEqual(whole)
    expect(await store.listQuarantine()).toMatchObject([{ workstreamId: 'a', log: 'messages', bytes: 11 }])
  })

  it('a log that this store had open and somebody emptied', async () => {
    const { dir, store } = await openFaulty()
    await appendTo(store, appendEntry('a', 'messages', 'one'))
    writeFileSync(dir.log('a', 'messages'), '')
    await restoreTo(store, 'a', lines)
    await appendTo(store, appendEntry('a', 'messages', 'next'))
    expect((await textsOf(store, 'a', 'messages')).at(-1)).toBe('next')
    expect(dir.snapshot()).toEqual({ ...whole, 'a/messages.jsonl': `${whole['a/messages.jsonl']}next\n` })
  })

  it('a file of somebody else, which it leaves alone', async () => {
    const { dir, store } = await openFaulty()
    dir.writeByHand('a', 'messages', '')
    writeFileSync(path.join(dir.workstreamsDir, 'a', 'notes.txt'), 'mine')
    expect(await failureOf(restoreTo(store, 'a', lines))).toMatchObject({ code: 'RESTORE_CONFLICT' })
    expect(dir.snapshot()).toEqual({ 'a/messages.jsonl': '' })
    expect(foldersIn(dir)).toEqual(['a'])
  })

  it('lines that somebody put there meanwhile, which it leaves alone', async () => {
    const { dir, store } = await openFaulty()
    const meanwhile = async function* (): AsyncGenerator<RestoredLine> {
      yield* lines
      dir.writeByHand('a', 'messages', 'by hand\n')
    }
    expect(await failureOf(restoreTo(store, 'a', meanwhile()))).toMatchObject({
      code: 'LOG_WRITE_FAILED',
      details: { operation: 'rename', errno: 'ENOTEMPTY' },
    })
    expect(dir.snapshot()).toEqual({ 'a/messages.jsonl': 'by hand\n' })
    expect(foldersIn(dir)).toEqual(['a'])
  })

  it('beside it only its own kind to remove: not what else lies in such a folder', async () => {
    const { dir, store } = await openFaulty()
    const left = path.join(dir.workstreamsDir, '.restoring-x')
    mkdirSync(left)
    for (const name of ['messages.jsonl', 'notes.txt']) writeFileSync(path.join(left, name), 'x')
    await restoreTo(store, 'a', lines)
    expect(dir.snapshot()).toEqual(whole)
    expect(foldersIn(dir).sort()).toEqual(['.restoring-x', 'a'])
    expect(dir.logger.lines).toMatchObject([{ level: 'warn', facts: { path: left, errno: 'ENOTEMPTY' } }])
  })
})
