import { startBackgroundDuties } from '@arawn/manager/background-duties'
import { describe, expect, it, vi } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'

const IDLE_MS = 30 * 60_000
const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const START = '2026-01-15T10:00:00.000Z'

async function opened() {
  const dir = testDir()
  const manager = await dir.open({ sessionTimeoutMs: IDLE_MS })
  await manager.createWorkstream({ id: 'a' })
  const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'one' })
  return { dir, manager, first: session_id }
}

describe('an idle session', () => {
  it('goes on with a message a millisecond before its time, and from then on anew', async () => {
    const { dir, manager, first } = await opened()
    dir.clock.advance(IDLE_MS - 1)
    expect(await manager.sendMessage({ workstream: 'a', content: 'two' })).toMatchObject({ session_id: first })
    dir.clock.advance(IDLE_MS - 1)
    expect(await manager.sweepIdleSessions()).toEqual([])
    expect(await manager.sendMessage({ workstream: 'a', content: 'three' })).toMatchObject({ session_id: first })
  })

  it('is ended by a message that comes when its time is over, as of its last activity', async () => {
    const { dir, manager, first } = await opened()
    dir.clock.advance(IDLE_MS)
    const late = await manager.pushAgentMessage({ workstream: 'a', content: 'late' })
    expect(late.session_id).not.toBe(first)
    const { items } = await manager.listSessions('a')
    expect(items).toMatchObject([
      { id: first, status: 'timed_out', reason: 'idle', ended_at: START, last_activity_at: START, message_count: 1 },
      { id: late.session_id, status: 'active', started_at: '2026-01-15T10:30:00.000Z', ended_at: null },
    ])
    const kinds = dir.recordsOf('a', 'sessions').map(({ type, id }) => [type, id])
    expect(kinds).toEqual([
      ['session_opened', first],
      ['session_closed', first],
      ['session_opened', late.session_id],
    ])
    await expectLevelWithLogs(manager)
  })

  it('is ended once by a sweep, whoever sweeps, and gives way to a new one', async () => {
    const { dir, manager, first } = await opened()
    const other = await dir.open({ sessionTimeoutMs: IDLE_MS })
    await manager.createWorkstream({ id: 'b' })
    dir.clock.advance(IDLE_MS)
    await manager.sendMessage({ workstream: 'b', content: 'fresh' })
    const swept = await Promise.all([manager.sweepIdleSessions(), other.sweepIdleSessions()])
    expect(swept.flat()).toMatchObject([{ id: first, workstream_id: 'a', status: 'timed_out', ended_at: START }])
    expect(await manager.getWorkstream('a')).toMatchObject({ active_session: null })
    expect((await other.sendMessage({ workstream: 'a', content: 'on' })).session_id).not.toBe(first)
    await expectLevelWithLogs(other)
  })

  it('counts its silence from the last commit to it, not from what a message says of its time', async () => {
    const { dir, manager, first } = await opened()
    dir.appendByHand('a', 'messages', '{"role":"user","content":"by hand","timestamp":"2026-01-15T08:00:00Z"}\n')
    dir.clock.advance(IDLE_MS - 1)
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'by hand'])
    dir.clock.advance(IDLE_MS - 1)
    // It was adopted, which is a commit, a little less than the idle time ago.
    expect(await manager.sendMessage({ workstream: 'a', content: 'two' })).toMatchObject({ session_id: first })
  })

  it('is ended by a sweep to the millisecond, and only once', async () => {
    const { dir, manager, first } = await opened()
    dir.clock.advance(IDLE_MS - 1)
    expect(await manager.sweepIdleSessions()).toEqual([])
    dir.clock.advance(1)
    expect(await manager.sweepIdleSessions()).toMatchObject([{ id: first, ended_at: START }])
    expect(await manager.sweepIdleSessions()).toEqual([])
  })

  it('waits for a clock that was set back a day, and is ended to the millisecond then', async () => {
    const { dir, manager, first } = await opened()
    dir.clock.advance(-DAY_MS)
    expect(await manager.sweepIdleSessions()).toEqual([])
    expect(await manager.sendMessage({ workstream: 'a', content: 'two' })).toMatchObject({ session_id: first })
    // Its last activity is where the clock was before.
    dir.clock.advance(DAY_MS + IDLE_MS - 1)
    expect(await manager.sweepIdleSessions()).toEqual([])
    dir.clock.advance(1)
    expect(await manager.sweepIdleSessions()).toMatchObject([{ id: first, status: 'timed_out', ended_at: START }])
    await expectLevelWithLogs(manager)
  })

  it('lasted until its last activity although the clock jumped forward a year', async () => {
    const { dir, manager, first } = await opened()
    dir.clock.advance(YEAR_MS)
    const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'two' })
    expect((await manager.listSessions('a')).items).toMatchObject([
      { id: first, status: 'timed_out', ended_at: START },
      { id: session_id, status: 'active', started_at: '2027-01-15T10:00:00.000Z' },
    ])
    dir.clock.advance(-YEAR_MS)
    expect(await manager.sendMessage({ workstream: 'a', content: 'three' })).toMatchObject({ session_id })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three'])
    await expectLevelWithLogs(manager)
  })

  it.each([
    ['back a day', -DAY_MS],
    ['forward a year', YEAR_MS],
  ])('keeps stamps, order and sessions right when the clock jumps %s', async (_name, jumpMs) => {
    const { dir, manager } = await opened()
    dir.clock.advance(jumpMs)
    for (const content of ['two', 'three']) await manager.sendMessage({ workstream: 'a', content })
    dir.clock.advance(-jumpMs)
    await manager.sendMessage({ workstream: 'a', content: 'four' })
    dir.clock.advance(IDLE_MS)
    await manager.sweepIdleSessions()
    await manager.sendMessage({ workstream: 'a', content: 'five' })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three', 'four', 'five'])
    const stamps = (['workstream', 'sessions', 'messages'] as const).map((log) =>
      dir.recordsOf('a', log).map(({ stamp }) => Number(stamp)),
    )
    for (const given of stamps) expect(given).toEqual([...given].sort((x, y) => x - y))
    expect(new Set(stamps.flat()).size).toBe(stamps.flat().length)
    const { items } = await manager.listSessions('a')
    expect(items.filter(({ status }) => status === 'active')).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })

  it('stays as it is in an archived workstream, whose own session ended with it', async () => {
    const { dir, manager, first } = await opened()
    await manager.archiveWorkstream('a')
    expect(await manager.listSessions('a')).toMatchObject({
      items: [{ id: first, status: 'ended', reason: 'requested' }],
    })
    dir.clock.advance(IDLE_MS)
    expect(await manager.sweepIdleSessions()).toEqual([])
    await expectLevelWithLogs(manager)
  })
})

describe('a server that stops', () => {
  it('ends the sessions in which it had the last word, and no other', async () => {
    const { dir, manager, first } = await opened()
    const other = await dir.open()
    await manager.createWorkstream({ id: 'b' })
    await manager.createWorkstream({ id: 'c' })
    await manager.sendMessage({ workstream: 'b', content: 'ours first' })
    dir.clock.advance(1_000)
    await other.sendMessage({ workstream: 'b', content: 'then theirs' })
    await manager.sendMessage({ workstream: 'c', content: 'ended already' })
    await manager.endSession('c')
    dir.clock.advance(1_000)
    expect(await manager.endOwnSessions()).toMatchObject([
      { id: first, workstream_id: 'a', status: 'ended', reason: 'shutdown', ended_at: '2026-01-15T10:00:02.000Z' },
    ])
    expect(await other.getWorkstream('b')).toMatchObject({ active_session: { status: 'active' } })
    expect(await manager.endOwnSessions()).toEqual([])
  })
})

describe('background duties', () => {
  it('sweep again and again until they are stopped, whatever fails in between', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let calls = 0
      const sweepIdleSessions = async () => {
        if (++calls === 2) throw new Error('the disk is gone')
        return []
      }
      const duties = startBackgroundDuties(
        {
          sweepIdleSessions,
          levelSearch: async () => ({ complete: true }),
          compressDue: async () => 0,
          embedDue: async () => 0,
          endDeadTurns: async () => 0,
        },
        { sweepEveryMs: 1_000 },
      )
      await vi.advanceTimersByTimeAsync(3_500)
      expect(calls).toBe(3)
      await duties.stop()
      await vi.advanceTimersByTimeAsync(5_000)
      expect(calls).toBe(3)
    } finally {
      vi.useRealTimers()
    }
  })

  it('really end a session that nobody comes back to', async () => {
    const { dir, manager, first } = await opened()
    const duties = startBackgroundDuties(manager, { sweepEveryMs: 5 })
    dir.clock.advance(IDLE_MS)
    await vi.waitFor(async () => {
      expect(dir.recordsOf('a', 'sessions').at(-1)).toMatchObject({ type: 'session_closed', id: first, reason: 'idle' })
    })
    await duties.stop()
  })
})
