import type { IdSource } from '@arawn/core/id'
import type { LogName, LogRecord } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'

/** What a decision may take from the world: everything else that it needs comes in as state. */
export interface DecisionContext {
  /** The time of this commit, milliseconds since 1970. */
  readonly nowMs: number
  /** The same as records have it. */
  readonly timestamp: string
  /** A new stamp each time, in order. */
  readonly nextStamp: () => Stamp
  readonly ids: IdSource
}

/** A record and the log that it belongs to. */
export interface DecidedRecord {
  readonly log: LogName
  readonly record: LogRecord
}
