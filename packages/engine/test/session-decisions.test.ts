import { timestampOf } from '@arawn/core/clock'
import { nextStamp } from '@arawn/core/stamp'
import type { DecisionContext } from '@arawn/engine/decision'
import { decideJoin, isIdle } from '@arawn/engine/session-decisions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const idleMs = 30 * 60_000
const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
const lastActivityMs = Date.UTC(2026, 0, 15, 10)
const active = { id: 'ses_before', lastActivityMs }

/** A commit at some time; what was committed last may have been later than that. */
function commitAt(nowMs: number): DecisionContext {
  let last = lastActivityMs * 1000
  const stamp = () => {
    last = nextStamp(last, nowMs)
    return last
  }
  return { nowMs, timestamp: timestampOf(nowMs), nextStamp: stamp, ids: { next: (prefix) => `${prefix}_new` } }
}

const join = (silenceMs: number) => decideJoin(active, { idleMs }, commitAt(lastActivityMs + silenceMs))

describe('a session', () => {
  it.each([
    ['a millisecond before its time', idleMs - 1, false],
    ['when its time is over', idleMs, true],
    ['a millisecond later', idleMs + 1, true],
    ['when the clock was set back a day', -DAY_MS, false],
    ['when the clock was set back by the idle time', -idleMs, false],
    ['when the clock jumped forward a year', YEAR_MS, true],
  ])('%s', (_name, silenceMs, idle) => {
    expect(isIdle(active, lastActivityMs + silenceMs, { idleMs })).toBe(idle)
    expect(join(silenceMs).records.map(({ record }) => record.type)).toEqual(
      idle ? ['session_closed', 'session_opened'] : [],
    )
    expect(join(silenceMs).sessionId === active.id).toBe(!idle)
  })

  it('that a late message ends lasted until its last activity, and the next one begins now, after any silence', () => {
    fc.assert(
      fc.property(fc.integer({ min: idleMs, max: YEAR_MS }), (silenceMs) => {
        const { records, sessionId } = join(silenceMs)
        const now = timestampOf(lastActivityMs + silenceMs)
        const stamps = records.map(({ record }) => record.stamp)
        expect(records.map(({ record }) => record)).toMatchObject([
          { id: active.id, status: 'timed_out', reason: 'idle', ended_at: timestampOf(lastActivityMs), timestamp: now },
          { id: sessionId, timestamp: now },
        ])
        expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => Number(a) - Number(b)))
        expect(sessionId).not.toBe(active.id)
      }),
    )
  })

  it('goes on after any shorter silence, and however far the clock is set back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -YEAR_MS, max: idleMs - 1 }), (silenceMs) => {
        expect(join(silenceMs)).toEqual({ records: [], sessionId: active.id })
      }),
    )
  })
})
