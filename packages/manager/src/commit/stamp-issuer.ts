import { nextStamp, type Stamp } from '@arawn/core/stamp'

/** Gives stamps that are greater than all that were given or seen before. */
export interface StampIssuer {
  next(nowMs: number): Stamp
  /** The greatest given or seen; 0 before the first. */
  last(): Stamp
  /** Tells of stamps that others have given. */
  sawStamp(stamp: Stamp): void
}

export function createStampIssuer(): StampIssuer {
  let last: Stamp = 0
  return {
    next(nowMs) {
      last = nextStamp(last, nowMs)
      return last
    },
    last: () => last,
    sawStamp(stamp) {
      last = Math.max(last, stamp)
    },
  }
}
