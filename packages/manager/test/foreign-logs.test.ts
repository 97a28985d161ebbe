import { describe, expect, it } from 'vitest'
import { anomalyKinds, created, expectSound, line, message, opened, said } from './foreign-lines.js'
import { contentsOf, everythingSeen } from './manager-steps.js'
import { testDir } from './open-manager.js'

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
