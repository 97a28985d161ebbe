import { hasCode } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem, type Fault, type FaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { appendEntry, appendTo, failureOf, locked, textsOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { type TestDir, testDir } from './open-store.js'

async function openFaulty(): Promise<{ dir: TestDir; store: LogStore; fileSystem: FaultyFileSystem }> {
  const dir = testDir()
  const fileSystem = createFaultyFileSystem(nodeFileSystem)
  const store = await dir.open(fileSystem)
  await appendTo(
    store,
    ...logNames.map((log) => appendEntry('a', log, 'before')),
    appendEntry('b', 'messages', 'before'),
  )
  return { dir, store, fileSystem }
}

/** Lines for all three logs of one workstream, one of another, and a new workstream. */
const group = [
  ...logNames.map((log) => appendEntry('a', log, `one ${log}`, `two ${log}`)),
  appendEntry('b', 'messages', 'three'),
  appendEntry('new', 'messages', 'four'),
]

const faults: [string, Fault[], object][] = [
  [
    'the disk is full at the first write',
    [{ operation: 'write', errno: 'ENOSPC' }],
    { code: 'LOG_FULL', details: { workstreamId: 'a', log: 'workstream' } },
  ],
  [
    'the disk is full at a later write',
    [{ operation: 'write', path: '.jsonl', nth: 3, errno: 'ENOSPC' }],
    { code: 'LOG_FULL' },
  ],
  [
    'the quota is used up',
    [{ operation: 'write', path: '.jsonl', nth: 2, errno: 'EDQUOT' }],
    { code: 'LOG_FULL', details: { workstreamId: 'a', log: 'sessions' } },
  ],
  [
    'the disk is full in the middle of a line',
    [
      { operation: 'write', path: '.jsonl', nth: 3, writesOnly: 5 },
      { operation: 'write', path: '.jsonl', nth: 4, errno: 'ENOSPC' },
    ],
    { code: 'LOG_FULL' },
  ],
  [
    'a write takes nothing',
    [{ operation: 'write', path: '.jsonl', nth: 2, writesOnly: 0, times: 2 }],
    { code: 'LOG_WRITE_FAILED', details: { operation: 'write', errno: 'EIO' } },
  ],
  [
    'the mark of unindexed lines cannot be written',
    [{ operation: 'write', path: '.unindexed', errno: 'EIO' }],
    { code: 'LOG_WRITE_FAILED', details: { operation: 'write', errno: 'EIO' } },
  ],
  [
    'a write fails',
    [{ operation: 'write', path: '.jsonl', nth: 4, errno: 'EIO' }],
    { code: 'LOG_WRITE_FAILED', details: { operation: 'write', errno: 'EIO' } },
  ],
  [
    'the first sync fails',
    [{ operation: 'sync', errno: 'EIO' }],
    { code: 'LOG_WRITE_FAILED', details: { operation: 'sync', errno: 'EIO' } },
  ],
  ['a later sync fails', [{ operation: 'sync', nth: 4, errno: 'EIO' }], { code: 'LOG_WRITE_FAILED' }],
  ['every sync fails', [{ operation: 'sync', times: 99, errno: 'ENOSPC' }], { code: 'LOG_FULL' }],
  [
    'a directory cannot be synced',
    [{ operation: 'syncDirectory', errno: 'EIO' }],
    { code: 'LOG_WRITE_FAILED', details: { workstreamId: 'new', log: 'messages', operation: 'sync', errno: 'EIO' } },
  ],
  [
    'a folder cannot be made',
    [{ operation: 'makeDirectory', errno: 'EACCES' }],
    {
      code: 'LOG_WRITE_FAILED',
      details: { workstreamId: 'new', log: 'messages', operation: 'create', errno: 'EACCES' },
    },
  ],
  ['there is no room for a folder', [{ operation: 'makeDirectory', errno: 'ENOSPC' }], { code: 'LOG_FULL' }],
  [
    'a log cannot be created',
    [{ operation: 'open', path: 'new/messages.jsonl', errno: 'EROFS' }],
    { code: 'LOG_WRITE_FAILED', details: { operation: 'create' } },
  ],
]

describe('an append that fails', () => {
  it.each(faults)('leaves every log as it was when %s', async (_name, script, expected) => {
    const { dir, store, fileSystem } = await openFaulty()
    const before = dir.snapshot()
    for (const fault of script) fileSystem.inject(fault)
    expect(await failureOf(appendTo(store, ...group))).toMatchObject(expected)

    const { 'new/messages.jsonl': created = '', ...after } = dir.snapshot()
    expect(after).toEqual(before)
    expect(created).toBe('')
    expect(await store.measure('new')).toBeUndefined()
    expect(await store.listWorkstreams()).toEqual(['a', 'b'])

    fileSystem.heal()
    await appendTo(store, ...group)
    expect(await textsOf(store, 'a', 'messages')).toEqual(['before', 'one messages', 'two messages'])
    expect(await textsOf(store, 'new', 'messages')).toEqual(['four'])
    expect(await store.listQuarantine()).toEqual([])
  })

  it('works again under the same lock', async () => {
    const { store, fileSystem } = await openFaulty()
    await locked(store, async (writer) => {
      await writer.prepare('a')
      for (const operation of ['write', 'sync'] as const) {
        fileSystem.inject({ operation, errno: 'EIO' })
        expect(await failureOf(writer.append(group.slice(0, 2)))).toMatchObject({ code: 'LOG_WRITE_FAILED' })
      }
      await writer.append(group.slice(0, 2))
    })
    expect(await textsOf(store, 'a', 'sessions')).toEqual(['before', 'one sessions', 'two sessions'])
  })

  it('opens a log anew after a sync of it failed: a second sync of the same descriptor proves nothing', async () => {
    const { store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'sync', path: 'b/messages.jsonl', errno: 'EIO' })
    await failureOf(appendTo(store, ...group))
    const callsBefore = fileSystem.calls.length
    await appendTo(store, ...group)
    expect(fileSystem.calls.slice(callsBefore)).toContainEqual({
      operation: 'open',
      path: expect.stringMatching(/b.messages\.jsonl$/),
    })
  })

  it('is uncertain when it cannot be taken back, and heals at the next prepare', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'write', path: 'messages.jsonl', writesOnly: 8 })
    fileSystem.inject({ operation: 'write', path: 'messages.jsonl', nth: 2, errno: 'EIO' })
    fileSystem.inject({ operation: 'truncate', path: 'messages.jsonl', errno: 'EIO' })
    const error = await failureOf(appendTo(store, ...group.slice(0, 3)))
    expect(hasCode(error, 'LOG_APPEND_UNCERTAIN') && error.details).toEqual({
      workstreamId: 'a',
      log: 'messages',
      errno: 'EIO',
    })
    expect(dir.readByHand('a', 'messages')).toBe('before\none mess')
    expect(dir.readByHand('a', 'sessions')).toBe('before\n')

    await appendTo(store, appendEntry('a', 'messages', 'next'))
    expect(dir.readByHand('a', 'messages')).toBe('before\nnext\n')
    expect(await store.listQuarantine()).toMatchObject([{ workstreamId: 'a', log: 'messages', offset: 7, bytes: 8 }])
  })

  it('is uncertain even under the same lock: an append looks again by itself', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    await locked(store, async (writer) => {
      await writer.prepare('b')
      fileSystem.inject({ operation: 'sync', errno: 'EIO' })
      fileSystem.inject({ operation: 'truncate', errno: 'EIO' })
      expect(await failureOf(writer.append([appendEntry('b', 'messages', 'x')]))).toMatchObject({
        code: 'LOG_APPEND_UNCERTAIN',
      })
      await writer.append([appendEntry('b', 'messages', 'y')])
    })
    expect(dir.readByHand('b', 'messages')).toBe('before\nx\ny\n')
  })
})

describe('an append that succeeds', () => {
  it('writes on when the system takes only part of the bytes', async () => {
    const { dir, store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'write', path: '.jsonl', writesOnly: 1, times: 12 })
    await appendTo(store, ...group)
    expect(dir.readByHand('a', 'messages')).toBe('before\none messages\ntwo messages\n')
    expect(dir.readByHand('a', 'workstream')).toBe('before\none workstream\ntwo workstream\n')
  })

  it('makes one write a log, in the order of logs, and syncs only afterwards', async () => {
    const { store, fileSystem } = await openFaulty()
    const callsBefore = fileSystem.calls.length
    await appendTo(store, ...[...group].reverse().slice(1))
    const calls = fileSystem.calls
      .slice(callsBefore)
      .filter((call) => call.operation !== 'read' && call.path.endsWith('.jsonl'))
    expect(calls.map((call) => call.operation)).toEqual([
      'write',
      'write',
      'write',
      'write',
      'sync',
      'sync',
      'sync',
      'sync',
    ])
    const logs = calls.slice(0, 4).map((call) => /(\w+)\.jsonl$/.exec(call.path)?.[1])
    expect(logs).toEqual(['workstream', 'sessions', 'messages', 'messages'])
  })

  it('is acknowledged only after its sync', async () => {
    const { store, fileSystem } = await openFaulty()
    let letSync: () => void = () => {}
    const after = new Promise<void>((resolve) => {
      letSync = resolve
    })
    fileSystem.inject({ operation: 'sync', after })
    let acknowledged = false
    const appended = appendTo(store, appendEntry('a', 'messages', 'x')).then(() => {
      acknowledged = true
    })
    while (fileSystem.calls.at(-1)?.operation !== 'sync') await new Promise((resolve) => setImmediate(resolve))
    expect(acknowledged).toBe(false)
    letSync()
    await appended
  })

  it('makes room when the process has no descriptors left', async () => {
    const { store, fileSystem } = await openFaulty()
    fileSystem.inject({ operation: 'open', path: 'new/messages.jsonl', errno: 'EMFILE' })
    await appendTo(store, ...group)
    expect(await textsOf(store, 'new', 'messages')).toEqual(['four'])
  })

  it('keeps a limited number of descriptors open, whatever the number of workstreams', async () => {
    const { store } = await openFaulty()
    const ids = Array.from({ length: 300 }, (_, n) => `many-${n}`)
    for (const id of ids) await appendTo(store, appendEntry(id, 'messages', id))
    for (const id of ids) expect(await textsOf(store, id, 'messages')).toEqual([id])
    await appendTo(store, ...ids.map((id) => appendEntry(id, 'messages', 'again')))
    for (const id of ids) expect(await textsOf(store, id, 'messages')).toEqual([id, 'again'])
  })
})

describe('relaxed durability', () => {
  it('acknowledges before the sync, and syncs when it closes', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem, 'relaxed')
    await appendTo(store, ...group)
    expect(fileSystem.calls.filter((call) => call.operation === 'sync')).toEqual([])
    await store.close()
    const synced = fileSystem.calls.filter((call) => call.operation === 'sync').map((call) => call.path)
    expect(new Set(synced).size).toBe(group.length)
  })

  it('warns when lines that were acknowledged cannot be synced', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem, 'relaxed')
    fileSystem.inject({ operation: 'sync', errno: 'EIO' })
    await appendTo(store, appendEntry('a', 'messages', 'x'))
    await store.close()
    expect(dir.logger.lines).toMatchObject([{ level: 'warn', facts: { workstreamId: 'a', errno: 'EIO' } }])
  })
})

describe('what is looked at while the disk is busy', () => {
  async function appendWhereNothingCanBeLookedAt(...disk: Fault[]): Promise<unknown> {
    const { store, fileSystem } = await openFaulty()
    return locked(store, async (writer) => {
      await writer.append([appendEntry('a', 'messages', 'one')])
      // Long enough for a look to be due again.
      await new Promise((resolve) => setTimeout(resolve, 5))
      fileSystem.inject({ operation: 'read', errno: 'EIO', times: 99 })
      for (const fault of disk) fileSystem.inject(fault)
      const outcome = await writer.append([appendEntry('a', 'messages', 'two')]).then(
        () => 'appended',
        (error) => error.code,
      )
      fileSystem.heal()
      return [outcome, await textsOf(store, 'a', 'messages')]
    })
  }

  it('fails no append when it cannot be looked at', async () => {
    expect(await appendWhereNothingCanBeLookedAt()).toEqual(['appended', ['before', 'one', 'two']])
  })

  it('leaves the failure of the append to be told', async () => {
    const fault: Fault = { operation: 'sync', errno: 'EIO' }
    expect(await appendWhereNothingCanBeLookedAt(fault)).toEqual(['LOG_WRITE_FAILED', ['before', 'one']])
  })
})
