import { z } from 'zod'

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
