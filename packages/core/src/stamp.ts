import * as z from 'zod'
import { timestampOf } from './clock.js'

/**
 * A record's place in the order of everything: microseconds since 1970, strictly increasing over all logs of a data
 * dir. It fits a double exactly until the year 2255.
 */
export type Stamp = number

export const stampSchema = z.int().positive()

/**
 * The stamp after `last`, at the given time. A clock that was set back never repeats a stamp: until it has caught
 * up, stamps count on by one.
 *
 * @param last the greatest stamp given so far; 0 when there is none
 * @param nowMs milliseconds since 1970
 */
export function nextStamp(last: Stamp, nowMs: number): Stamp {
  return Math.max(last + 1, Math.floor(nowMs * 1000))
}

/** When a record was committed, as it is shown. */
export function commitTime(stamp: Stamp): string {
  return timestampOf(Math.min(stamp / 1000, LATEST_MS))
}

// The last millisecond that a Date can hold and ISO 8601 can write with four digits of year.
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
