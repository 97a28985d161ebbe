import type { Clock } from '@arawn/core/clock'
import { nextStamp, type Stamp } from '@arawn/core/stamp'

/** Gives stamps that are greater than all that were given or seen before. */
export interface StampIssuer {
  next(): Stamp
  /** Tells of stamps that others have given. */
  sawStamp(stamp: Stamp): void
}

export function createStampIssuer(clock: Clock): StampIssuer {
  let last: Stamp = 0
  return {
    next() {
      last = nextStamp(last, clock.nowMs())
      return last
    },
    sawStamp(stamp) {
      last = Math.max(last, stamp)
    },
  }
}
