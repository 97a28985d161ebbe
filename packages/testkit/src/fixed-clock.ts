import type { Clock } from '@arawn/core/clock'

export interface FixedClock extends Clock {
  set(epochMs: number): void
  advance(ms: number): void
}

/** A clock that stands still until it is told otherwise. */
export function createFixedClock(startMs = Date.UTC(2026, 0, 15, 10)): FixedClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    set(epochMs) {
      nowMs = epochMs
    },
    advance(ms) {
      nowMs += ms
    },
  }
}
