import { timestampOf } from '@arawn/core/clock'
import type { Stamp } from '@arawn/core/stamp'

/** When a record was committed, as the rows show it. */
export function commitTime(stamp: Stamp): string {
  return timestampOf(Math.min(stamp / 1000, LATEST_MS))
}

// The last millisecond that a Date can hold and ISO 8601 can write with four digits of year.
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
