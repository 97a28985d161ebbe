import type { Clock } from '@arawn/core/clock'
import type { SubmittedBatch } from '@arawn/core/model-batches'
import { createLookPace, type LookPace } from './look-pace.js'

/** What a process remembers of batches beside the log. Nothing is lost with it but time. */
export interface BatchMemory {
  readonly pace: LookPace
  /** What a provider has taken and the log does not say yet. */
  readonly taken: Map<string, SubmittedBatch>
  /** A provider asked to come back: nothing is submitted for some time. */
  isHeldUp(): boolean
  holdUp(ms: number): void
}

export function createBatchMemory(clock: Clock): BatchMemory {
  let heldUpUntilMs = 0
  return {
    pace: createLookPace(clock),
    taken: new Map(),
    isHeldUp: () => clock.nowMs() < heldUpUntilMs,
    holdUp: (ms) => {
      heldUpUntilMs = Math.max(heldUpUntilMs, clock.nowMs() + ms)
    },
  }
}
