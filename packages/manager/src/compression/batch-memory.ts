import type { Clock } from '@arawn/core/clock'
import type { SubmittedBatch } from '@arawn/core/model-batches'
import { createLookPace, type LookPace } from './look-pace.js'

/** What a process remembers of batches beside the log. Nothing is lost with it but time. */
export interface BatchMemory {
  readonly pace: LookPace
  /** What a provider has taken and the log does not say yet. */
  readonly taken: Map<string, SubmittedBatch>
}

export function createBatchMemory(clock: Clock): BatchMemory {
  return { pace: createLookPace(clock), taken: new Map() }
}
