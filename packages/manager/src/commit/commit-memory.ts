import type { WorkstreamId } from '@arawn/core/id'
import type { IndexHeads } from '@arawn/core/workstream-index'
import type { Standing } from './standing.js'

/**
 * What the last group left behind, for the next one: a writer that has the data dir to itself need not ask the index
 * what it told it a moment ago. It holds only while nobody else has committed to the index.
 */
export interface CommitMemory {
  /** What is remembered, if the index is still at this version; else nothing. */
  of(version: string): Remembered
  clear(): void
}

export interface Remembered {
  readonly workstreams: Map<WorkstreamId, { heads: IndexHeads; standing: Standing | undefined }>
}

// Some hundred bytes each.
const MOST_WORKSTREAMS = 1_000

export function createCommitMemory(): CommitMemory {
  let known: string | undefined
  let remembered: Remembered = { workstreams: new Map() }

  function clear(): void {
    known = undefined
    remembered = { workstreams: new Map() }
  }

  return {
    of(version) {
      if (version !== known || remembered.workstreams.size > MOST_WORKSTREAMS) clear()
      known = version
      return remembered
    },
    clear,
  }
}
