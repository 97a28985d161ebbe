import type { WorkstreamId } from '@arawn/core/id'
import type { EventRecord } from '@arawn/core/workstream-event'
import type { IndexHead, MessagePosition } from '@arawn/core/workstream-index'
import type { Place } from './place.js'

/** What comes after some place in one log: a few lines at hand, the others where they are. */
export interface LogTail {
  /**
   * Sees that the next line is at hand, if there is one up to the head.
   *
   * @param most how many lines may be at hand at once
   * @throws StaleTail
   */
  fill(head: IndexHead, most: number): Promise<void>
  /** The next line that is an event, once it was filled. */
  next(): Entry | undefined
  /** Moves on. */
  shift(): void
}

/** A line that is an event. The content of a message is still in its log. */
export interface Entry {
  readonly place: Place
  readonly found: { readonly message: MessagePosition } | { readonly record: EventRecord }
}

/** The log is not the one that was read before: it has to be read from the beginning. */
export class StaleTail extends Error {
  constructor(readonly workstreamId: WorkstreamId) {
    super(`the logs of ${workstreamId} are not what was read of them before`)
  }
}

/** Lines at hand, first come, first served. */
export function createEntries() {
  let entries: readonly Entry[] = []
  let first = 0
  return {
    next: () => entries[first],
    shift: () => void first++,
    put(more: readonly Entry[]) {
      entries = more
      first = 0
    },
  }
}
