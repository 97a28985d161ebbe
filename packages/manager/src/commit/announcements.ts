import { timestampOf } from '@arawn/core/clock'
import type { Stamp } from '@arawn/core/stamp'
import type { DecidedRecord } from '@arawn/engine/decision'

/** Says which stamp lines have that were written by hand. */
export function adoption(first: number, last: number, stamp: Stamp, nowMs: number): DecidedRecord {
  return {
    log: 'workstream',
    record: {
      v: 1,
      stamp,
      type: 'log_adopted',
      timestamp: timestampOf(nowMs),
      log: 'messages',
      first_sequence: first,
      last_sequence: last,
    },
  }
}

/** Says that lines with stamps from before have come. */
export function arrival(stamp: Stamp, nowMs: number): DecidedRecord {
  return { log: 'workstream', record: { v: 1, stamp, type: 'workstream_arrived', timestamp: timestampOf(nowMs) } }
}
