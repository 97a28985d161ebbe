import { nextStamp } from '@arawn/core/stamp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('nextStamp', () => {
  it('is the time in microseconds', () => {
    expect(nextStamp(0, 1_768_471_200_000)).toBe(1_768_471_200_000_000)
  })

  it('grows whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 4e12, noNaN: true }), { minLength: 1 }), (times) => {
        let last = 0
        for (const nowMs of times) {
          const stamp = nextStamp(last, nowMs)
          expect(stamp).toBeGreaterThan(last)
          expect(Number.isSafeInteger(stamp)).toBe(true)
          last = stamp
        }
      }),
    )
  })
})
