import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

const line = (value: object) => `${JSON.stringify(value)}\n`
const said = (content: string, timestamp = '2026-01-15T10:05:00Z', role = 'user') => line({ role, content, timestamp })
const opened = (id: string, stamp: number, timestamp = '2026-01-15T10:00:00.000Z') =>
  line({ v: 1, stamp, type: 'session_opened', id, timestamp })
const message = (id: string, session_id: string, stamp: number, content: string) =>
  line({ v: 1, stamp, id, session_id, timestamp: '2026-01-15T10:00:00.000Z', role: 'user', content })
const created = (stamp: number, title: string | null) =>
  line({ v: 1, stamp, type: 'workstream_created', timestamp: '2026-01-15T09:00:00.000Z', title })

/** No defect, and the same rows in an index made of the logs alone. */
async function expectSound(manager: WorkstreamManager): Promise<void> {
  const { ok, problems } = await manager.verify()
  expect(problems).toEqual([])
  expect(ok).toBe(true)
  await expectLevelWithLogs(manager)
}

async function anomalyKinds(manager: WorkstreamManager): Promise<string[]> {
  return (await manager.verify()).anomalies.map(({ log, sequence, kind }) => `${log} ${sequence} ${kind}`)
}

async function withHistory(): Promise<{ dir: DataDir; manager: WorkstreamManager; sessionId: string }> {
  const dir = testDir()
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a', title: 'A' })
  await manager.sendMessage({ workstream: 'a', content: 'one' })
  const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'two', role: 'assistant' })
  return { dir, manager, sessionId: session_id }
}

describe('a line that was written by hand', () => {
  it('is a message of the session of the line before it', async () => {
    const { dir, manager, sessionId } = await withHistory()
    dir.appendByHand('a', 'messages', said('by hand'))
    const { items } = await manager.listMessages('a')
    expect(items.at(-1)).toMatchObject({
      sequence: 3,
      session_id: sessionId,
      role: 'user',
      content: 'by hand',
      timestamp: '2026-01-15T10:05:00Z',
      id: expect.stringMatching(/^msg_/),
    })
    expect(await manager.getWorkstream('a')).toMatchObject({
      message_count: 3,
      last_message_at: '2026-01-15T10:05:00.000Z',
      active_session: { id: sessionId, message_count: 3, turn_count: 2 },
    })
    await expectSound(manager)
  })

  it('is announced once by a record, whoever sees it first', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    dir.appendByHand('a', 'messages', said('x') + said('y'))
    await Promise.all([manager.listMessages('a'), other.listMessages('a'), other.getWorkstream('a')])
    await manager.rebuildIndex()
    await (await dir.open()).listMessages('a')
    const adopted = dir.recordsOf('a', 'workstream').filter(({ type }) => type === 'log_adopted')
    expect(adopted).toMatchObject([{ v: 1, log: 'messages', first_sequence: 3, last_sequence: 4 }])
    await expectSound(manager)
  })

  it('keeps its id over a rebuild, a new index and another handle', async () => {
    const { dir, manager } = await withHistory()
    dir.appendByHand('a', 'messages', said('x'))
    const before = (await manager.listMessages('a')).items
    await manager.rebuildIndex()
    expect((await manager.listMessages('a')).items).toEqual(before)
    rmSync(dir.indexPath)
    expect((await (await dir.open()).listMessages('a')).items).toEqual(before)
    expect((await manager.listMessages('a', { around: before[2]?.id as string })).items).toEqual(before)
  })

  it('stays exactly as it was written', async () => {
    const { dir, manager } = await withHistory()
    const bytes = dir.bytesOf('a', 'messages')
    dir.appendByHand('a', 'messages', said('x'))
    await manager.sendMessage({ workstream: 'a', content: 'after' })
    expect(dir.bytesOf('a', 'messages').startsWith(bytes + said('x'))).toBe(true)
  })

  it('is in order with messages sent before and after it, by several handles', async () => {
    const { dir, manager, sessionId } = await withHistory()
    const other = await dir.open()
    dir.appendByHand('a', 'messages', said('hand 1'))
    const three = await other.sendMessage({ workstream: 'a', content: 'other' })
    dir.appendByHand('a', 'messages', said('hand 2') + said('hand 3'))
    const seven = await manager.sendMessage({ workstream: 'a', content: 'manager' })
    expect([three.sequence, seven.sequence]).toEqual([4, 7])
    expect(seven.session_id).toBe(sessionId)
    const { items } = await other.listMessages('a')
    expect(items.map(({ content }) => content)).toEqual([
      'one',
      'two',
      'hand 1',
      'other',
      'hand 2',
      'hand 3',
      'manager',
    ])
    const stamps = items.map(({ stamp }) => stamp)
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b))
    await expectSound(manager)
  })

  it('keeps fields that are not ours', async () => {
    const { dir, manager } = await withHistory()
    const foreign = {
      role: 'user',
      content: 'x',
      timestamp: '2026-01-15T10:05:00+02:00',
      mood: 'curious',
      n: { deep: [1, null] },
    }
    dir.appendByHand('a', 'messages', line(foreign))
    const [last] = (await manager.listMessages('a', { limit: 1 })).items
    expect(last).toMatchObject(foreign)
    await expectSound(manager)
  })

  it('opens a workstream by itself', async () => {
    const dir = testDir()
    dir.appendByHand(
      'notes',
      'messages',
      said('only this', '2025-06-01T12:00:00.500+02:00') + said('and this', '2025-06-01T11:00:00Z', 'assistant'),
    )
    const manager = await dir.open()
    const { items } = await manager.listMessages('notes')
    expect(items.map(({ content }) => content)).toEqual(['only this', 'and this'])
    expect(new Set(items.map(({ session_id }) => session_id)).size).toBe(1)
    expect(await manager.getWorkstream('notes')).toMatchObject({
      id: 'notes',
      title: null,
      state: 'active',
      message_count: 2,
      created_at: '2025-06-01T10:00:00.500Z',
      last_message_at: '2025-06-01T11:00:00.000Z',
      active_session: null,
    })
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['notes'])
    expect((await manager.listSessions('notes')).items).toMatchObject([{ message_count: 2, turn_count: 1 }])
    await expectSound(manager)
  })

  it('is found by a handle that is open already, whichever call comes first', async () => {
    const dir = testDir()
    const manager = await dir.open()
    expect((await manager.listWorkstreams()).items).toEqual([])
    dir.appendByHand('sent', 'messages', said('hello'))
    dir.appendByHand('read', 'messages', said('hello'))
    dir.appendByHand('updated', 'messages', said('hello'))
    dir.appendByHand('created', 'messages', said('hello'))
    expect(await manager.sendMessage({ workstream: 'sent', content: 'back' })).toMatchObject({ sequence: 2 })
    expect(await contentsOf(manager, 'read')).toEqual(['hello'])
    expect(await manager.updateWorkstream('updated', { title: 'T' })).toMatchObject({ message_count: 1, title: 'T' })
    await expect(manager.createWorkstream({ id: 'created' })).rejects.toMatchObject({ code: 'WORKSTREAM_EXISTS' })
    await expectSound(manager)
  })
})

/** Each is all that a workstream's logs hold; what its messages say; which anomalies are counted. */
const logs: [string, { workstream?: string; sessions?: string; messages?: string }, string[], string[]][] = [
  [
    'repeats an id',
    {
      workstream: created(1, 'A'),
      sessions: opened('s', 2),
      messages: message('m', 's', 3, 'x') + message('m', 's', 4, 'y'),
    },
    ['x', 'y'],
    ['messages 2 duplicate_id'],
  ],
  [
    'repeats the id that a hand-written line will have',
    { workstream: created(1, 'A'), messages: said('x') + said('y') + said('x') },
    ['x', 'y', 'x'],
    ['messages 1 implied_session'],
  ],
  [
    'opens a second session without closing the first',
    {
      workstream: created(1, 'A'),
      sessions: opened('s', 2) + opened('t', 4),
      messages: message('m', 's', 3, 'x') + message('n', 't', 5, 'y'),
    },
    ['x', 'y'],
    ['sessions 2 superseded_session'],
  ],
  [
    'opens the same session twice',
    { workstream: created(1, 'A'), sessions: opened('s', 2) + opened('s', 3), messages: message('m', 's', 4, 'x') },
    ['x'],
    ['sessions 2 duplicate_id'],
  ],
  [
    'has a message of an unknown session',
    { workstream: created(1, 'A'), sessions: opened('s', 2), messages: message('m', 'nowhere', 3, 'x') },
    ['x'],
    ['messages 1 implied_session'],
  ],
  [
    'closes a session that it never opened',
    {
      workstream: created(1, 'A'),
      sessions: line({
        v: 1,
        stamp: 2,
        type: 'session_closed',
        id: 's',
        timestamp: '2026-01-15T10:00:00Z',
        status: 'ended',
        reason: 'idle',
        ended_at: '2026-01-15T10:00:00Z',
      }),
      messages: message('m', 's', 3, 'x'),
    },
    ['x'],
    ['messages 1 implied_session', 'sessions 1 unknown_session'],
  ],
  [
    'was created twice',
    { workstream: created(1, 'A') + created(2, 'B'), messages: said('x') },
    ['x'],
    ['messages 1 implied_session', 'workstream 2 repeated_creation'],
  ],
  [
    'has lines that end in CR LF',
    {
      workstream: created(1, 'A').replace('\n', '\r\n'),
      sessions: opened('s', 2).replace('\n', '\r\n'),
      messages: message('m', 's', 3, 'x').replace('\n', '\r\n') + said('y').replace('\n', '\r\n'),
    },
    ['x', 'y'],
    [],
  ],
  [
    'begins with byte order marks',
    {
      workstream: `\ufeff${created(1, 'A')}`,
      sessions: `\ufeff${opened('s', 2)}`,
      messages: `\ufeff${message('m', 's', 3, 'x')}`,
    },
    ['x'],
    [],
  ],
  [
    'has lines that are no JSON',
    {
      workstream: `${created(1, 'A')}nonsense\n`,
      sessions: `{"v":1,\n${opened('s', 2)}`,
      messages: `<<<<<<< HEAD\n${message('m', 's', 3, 'x')}\x00\xff\n`,
    },
    ['x'],
    ['messages 1 invalid_json', 'messages 3 invalid_json', 'sessions 1 invalid_json', 'workstream 2 invalid_json'],
  ],
  [
    'has blank lines',
    {
      workstream: `\n${created(1, 'A')}`,
      sessions: `\r\n${opened('s', 2)}`,
      messages: `\n  \n${message('m', 's', 3, 'x')}\n`,
    },
    ['x'],
    [
      'messages 1 blank_line',
      'messages 2 blank_line',
      'messages 4 blank_line',
      'sessions 1 blank_line',
      'workstream 1 blank_line',
    ],
  ],
  [
    'has lines of a version to come',
    {
      workstream: created(1, 'A'),
      sessions: opened('s', 2),
      messages: message('m', 's', 3, 'x').replace('"v":1', '"v":2') + message('n', 's', 4, 'y'),
    },
    ['y'],
    ['messages 1 unsupported_version'],
  ],
  [
    'has records of unknown types',
    {
      workstream: created(1, 'A') + line({ v: 1, stamp: 2, type: 'painted', timestamp: '2026-01-15T10:00:00Z' }),
      sessions: opened('s', 3),
      messages:
        line({ v: 1, stamp: 4, type: 'reaction', timestamp: '2026-01-15T10:00:00Z' }) + message('m', 's', 5, 'x'),
    },
    ['x'],
    ['messages 1 unknown_type', 'workstream 2 unknown_type'],
  ],
  [
    'has JSON that is no record',
    {
      workstream: created(1, 'A'),
      messages: `null\n[]\n"text"\n7\n{}\n${line({ role: 'pirate', content: 'x', timestamp: '2026-01-15T10:00:00Z' })}${line({ role: 'user', content: 7, timestamp: '2026-01-15T10:00:00Z' })}${line({ role: 'user', content: 'x', timestamp: 'yesterday' })}${said('y')}`,
    },
    ['y'],
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `messages ${n} invalid_record`).concat('messages 9 implied_session'),
  ],
  [
    'has an empty sessions log',
    { workstream: created(1, 'A'), sessions: '', messages: message('m', 's', 3, 'x') },
    ['x'],
    ['messages 1 implied_session'],
  ],
  ['has an empty messages log', { workstream: created(1, 'A'), messages: '' }, [], []],
  [
    'has no workstream log',
    { sessions: opened('s', 2), messages: message('m', 's', 3, 'x') },
    ['x'],
    ['workstream 0 implied_workstream'],
  ],
  [
    'has no sessions log',
    { workstream: created(1, 'A'), messages: message('m', 's', 3, 'x') + message('n', 's', 4, 'y') },
    ['x', 'y'],
    ['messages 1 implied_session'],
  ],
  ['has only sessions', { sessions: opened('s', 2) }, [], ['workstream 0 implied_workstream']],
  [
    'has stamps that go back',
    {
      workstream: created(1_000, 'A'),
      sessions: opened('s', 20),
      messages: message('m', 's', 900, 'x') + message('n', 's', 5, 'y'),
    },
    ['x', 'y'],
    [],
  ],
  [
    'has stamps of a time to come',
    { workstream: created(1, 'A'), sessions: opened('s', 2), messages: message('m', 's', 8_000_000_000_000_000, 'x') },
    ['x'],
    [],
  ],
  [
    'has ids that look like code',
    {
      workstream: created(1, 'A'),
      sessions: opened('__proto__', 2),
      messages: message("'; DROP TABLE messages; --", '__proto__', 3, 'x'),
    },
    ['x'],
    [],
  ],
]

describe('a workstream whose logs came from elsewhere', () => {
  it.each(logs)('is served when it %s', async (_name, files, contents, anomalies) => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'neighbour', title: 'Neighbour' })
    await manager.sendMessage({ workstream: 'neighbour', content: 'hello' })
    for (const [name, bytes] of Object.entries(files)) dir.writeByHand('a', name as 'messages', bytes)
    const original = dir.snapshot()
    expect(await contentsOf(manager, 'a')).toEqual(contents)
    const counted = (await anomalyKinds(manager)).sort()
    // Whether a line that cannot be read stands before the creation is the matter of a test of its own.
    const implied = (kind: string) => kind.endsWith('implied_workstream')
    const shown = anomalies.some(implied) ? counted : counted.filter((kind) => !implied(kind))
    expect(shown).toEqual([...anomalies].sort())
    const sessions = (await manager.listSessions('a')).items
    expect(sessions.filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1)
    await expectSound(manager)

    const sent = await manager.sendMessage({ workstream: 'a', content: 'and on' })
    expect(await contentsOf(manager, 'a')).toEqual([...contents, 'and on'])
    expect(await manager.getWorkstream('a')).toMatchObject({
      message_count: contents.length + 1,
      active_session: { id: sent.session_id },
    })
    const now = dir.snapshot()
    for (const [name, bytes] of Object.entries(original)) expect(now[name]?.startsWith(bytes), name).toBe(true)
    await expectSound(manager)
    const other = await dir.open()
    expect(await everythingSeen(other)).toEqual(await everythingSeen(manager))
  })

  it('is not said to lack its creation because a line that cannot be read stands before it', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'workstream', `\n${created(1, 'A')}`)
    dir.writeByHand('a', 'messages', `nonsense\n${message('m', 's', 2, 'x')}`)
    const manager = await dir.open()
    expect(await manager.getWorkstream('a')).toMatchObject({ title: 'A', created_at: '2026-01-15T09:00:00.000Z' })
    expect(await anomalyKinds(manager)).toEqual([
      'messages 1 invalid_json',
      'messages 2 implied_session',
      'workstream 1 blank_line',
    ])
  })

  it('has its first session superseded by the second', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'workstream', created(1, 'A'))
    dir.writeByHand('a', 'sessions', opened('s', 2) + opened('t', 3, '2026-01-15T10:30:00.000Z'))
    const manager = await dir.open()
    expect((await manager.listSessions('a')).items).toMatchObject([
      { id: 's', status: 'ended', reason: 'superseded', ended_at: '2026-01-15T10:30:00.000Z' },
      { id: 't', status: 'active' },
    ])
    expect(await manager.endSession('a')).toMatchObject({ id: 't', status: 'ended' })
    await expectSound(manager)
  })

  it('does not exist while its folder is empty or holds only empty logs', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'messages', '')
    const manager = await dir.open()
    await expect(manager.getWorkstream('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect(await manager.createWorkstream({ id: 'a', title: 'A' })).toMatchObject({ title: 'A' })
    await expectSound(manager)
  })

  it('takes the later stamp of all its logs into account when it gives new ones', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'workstream', created(1, 'A'))
    dir.writeByHand('a', 'messages', message('m', 's', 8_000_000_000_000_000, 'x'))
    const manager = await dir.open()
    expect((await manager.sendMessage({ workstream: 'a', content: 'y' })).stamp).toBeGreaterThan(8_000_000_000_000_000)
    await expectSound(manager)
  })
})

describe('a workstream folder that is moved about while it is open', () => {
  it('is as it was when it is copied away and back', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    const seen = await everythingSeen(other)
    cpSync(dir.folder('a'), `${dir.root}/backup`, { recursive: true })
    rmSync(dir.folder('a'), { recursive: true })
    await expect(manager.getWorkstream('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    cpSync(`${dir.root}/backup`, dir.folder('a'), { recursive: true })
    expect(await everythingSeen(manager)).toEqual(seen)
    expect(await everythingSeen(other)).toEqual(seen)
    expect(await other.sendMessage({ workstream: 'a', content: 'three' })).toMatchObject({ sequence: 3 })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three'])
    await expectSound(manager)
  })

  it.each([
    ['copied over it', (from: string, to: string) => cpSync(from, to, { recursive: true, force: true })],
    [
      'put in its place',
      (from: string, to: string) => {
        rmSync(to, { recursive: true })
        renameSync(from, to)
      },
    ],
  ])('goes back to an older backup that is %s', async (_name, put) => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    cpSync(dir.folder('a'), `${dir.root}/backup`, { recursive: true })
    await other.endSession('a')
    await other.sendMessage({ workstream: 'a', content: 'lost' })
    await other.updateWorkstream('a', { title: 'Newer' })
    put(`${dir.root}/backup`, dir.folder('a'))
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two'])
    expect(await other.getWorkstream('a')).toMatchObject({ title: 'A', message_count: 2 })
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    expect(await contentsOf(other, 'a')).toEqual(['one', 'two', 'three'])
    await expectSound(manager)
  })

  it.each(['a message to it', 'a list'])('is as it was when it is moved away and back, noticed by %s', async (what) => {
    const dir = testDir()
    const manager = await dir.open()
    for (const id of ['a', 'b']) {
      await manager.createWorkstream({ id })
      await manager.sendMessage({ workstream: id, content: 'before' })
    }
    const away = path.join(dir.root, 'away')
    renameSync(dir.folder('a'), away)
    if (what === 'a list') expect((await manager.listWorkstreams()).items).toMatchObject([{ id: 'b' }])
    else
      await expect(manager.sendMessage({ workstream: 'a', content: 'lost' })).rejects.toMatchObject({
        code: 'WORKSTREAM_NOT_FOUND',
      })
    renameSync(away, dir.folder('a'))
    expect(await manager.sendMessage({ workstream: 'a', content: 'after' })).toMatchObject({ sequence: 2 })
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'after'])
    await expectLevelWithLogs(manager)
  })

  it('is refused when a link to where it went takes its place', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'before' })
    const away = path.join(dir.root, 'away')
    renameSync(dir.folder('a'), away)
    symlinkSync(away, dir.folder('a'))
    await expect(manager.sendMessage({ workstream: 'a', content: 'after' })).rejects.toMatchObject({
      code: 'LOG_READ_FAILED',
    })
  })

  it('has another history when a backup of the same length is put in its place', async () => {
    const { dir, manager } = await withHistory()
    const messages = dir.bytesOf('a', 'messages')
    writeFileSync(`${dir.root}/other`, messages.replace('"one"', '"eno"').replace('"two"', '"owt"'))
    renameSync(`${dir.root}/other`, dir.log('a', 'messages'))
    expect(await contentsOf(manager, 'a')).toEqual(['eno', 'owt'])
    await expectSound(manager)
  })

  it('is there under its new name, and no longer under the old one', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    await other.updateWorkstream('a', { title: 'Logbook' })
    renameSync(dir.folder('a'), dir.folder('b'))
    expect(await contentsOf(manager, 'b')).toEqual(['one', 'two'])
    await expect(manager.getWorkstream('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    await expect(other.sendMessage({ workstream: 'a', content: 'x' })).rejects.toMatchObject({
      code: 'WORKSTREAM_NOT_FOUND',
    })
    expect(await other.sendMessage({ workstream: 'b', content: 'three' })).toMatchObject({ sequence: 3 })
    for (const handle of [manager, other, await dir.open()])
      expect((await handle.listWorkstreams()).items.map(({ id }) => id)).toEqual(['b'])
    await expectSound(manager)
  })

  it('is listed no more when its folder is gone', async () => {
    const { dir, manager } = await withHistory()
    await manager.createWorkstream({ id: 'stays' })
    rmSync(dir.folder('a'), { recursive: true })
    await expect(manager.listMessages('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['stays'])
    await expectSound(manager)
  })

  it('shows what a log says now when a message was edited in place and kept its length', async () => {
    const { dir, manager } = await withHistory()
    const bytes = readFileSync(dir.log('a', 'messages'), 'utf8')
    writeFileSync(dir.log('a', 'messages'), bytes.replace('"one"', '"eno"'))
    expect(await contentsOf(manager, 'a')).toEqual(['eno', 'two'])
    await expectSound(manager)
  })

  it('reads a log again whose lines were moved in place while it kept its size', async () => {
    const { dir, manager } = await withHistory()
    await manager.sendMessage({ workstream: 'a', content: 'three, which is longer' })
    const lines = readFileSync(dir.log('a', 'messages'), 'utf8').split('\n').slice(0, -1)
    writeFileSync(dir.log('a', 'messages'), `${[...lines].reverse().join('\n')}\n`)
    expect(await contentsOf(manager, 'a')).toEqual(['three, which is longer', 'two', 'one'])
    expect(await dumpOf(manager)).toEqual(await dumpOf(await dir.open()))
    await expectLevelWithLogs(manager)
  })

  it('keep nobody from reading others when one of them cannot be read', async () => {
    const dir = testDir()
    const first = await dir.open()
    for (const id of ['a', 'b'])
      await first.sendMessage({ workstream: (await first.createWorkstream({ id })).id, content: id })
    await first.close()
    rmSync(dir.log('a', 'messages'))
    mkdirSync(dir.log('a', 'messages'))
    rmSync(dir.indexPath)
    const manager = await dir.open()
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['b'])
    expect(await contentsOf(manager, 'b')).toEqual(['b'])
    await manager.sendMessage({ workstream: 'b', content: 'on' })
    await expect(manager.listMessages('a')).rejects.toMatchObject({
      code: 'LOG_READ_FAILED',
      details: { errno: 'EISDIR' },
    })
    expect((await manager.verify()).problems).toMatchObject([{ workstream_id: 'a', kind: 'unreadable' }])
  })

  it('get stamps behind all that is in the log that adopts them, also ahead of the clock', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    const [created] = dir.recordsOf('a', 'workstream')
    const ahead = (created?.stamp as number) + 90_000_000
    const update = {
      ...created,
      stamp: ahead,
      type: 'workstream_updated',
      title: undefined,
      changes: { title: 'Ahead' },
    }
    dir.appendByHand('a', 'workstream', `${JSON.stringify(update)}\n`)
    dir.appendByHand('a', 'messages', '{"role":"user","content":"by hand","timestamp":"2026-01-15T11:00:00Z"}\n')
    expect(await contentsOf(manager, 'a')).toEqual(['by hand'])
    const stamps = dir.recordsOf('a', 'workstream').map(({ stamp }) => stamp as number)
    expect(stamps).toEqual([...stamps].sort((x, y) => x - y))
    expect(stamps.at(-1)).toBeGreaterThan(ahead)
    await expectLevelWithLogs(manager)
  })
})
