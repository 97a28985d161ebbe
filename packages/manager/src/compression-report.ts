import type { Coverage } from '@arawn/core/coverage'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Summary } from '@arawn/core/summary'
import type { IndexedSummary } from '@arawn/core/workstream-index'

export interface CompressInput {
  /** Only this session, and the workstream's summary after it. */
  session?: SessionId | undefined
  /** A profile of the settings; by default the one of the settings, else none: code makes the summaries. */
  model?: string | undefined
  /** Only says what would be done. */
  dryRun?: boolean | undefined
  /** Called before each job. */
  onProgress?: ((progress: CompressionProgress) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface CompressionProgress {
  /** Jobs that are done, and those known by now: more may follow from them. */
  readonly done: number
  readonly known: number
}

/** One thing that is compressed: a session, the earlier part of a running one, or session summaries. */
export interface CompressionStep {
  readonly kind: 'session' | 'rolling' | 'workstream'
  readonly session_id: SessionId | null
  readonly coverage: Coverage
  /** Why: `session_end`, `max_history`, `token_threshold`, `startup`, `manual` or `degraded_retry`. */
  readonly reason: string
}

export interface CompressionReport {
  readonly workstream_id: WorkstreamId
  /** What was made, in order; with `dryRun` nothing. */
  readonly made: readonly (CompressionStep & { readonly summary: Summary })[]
  /** With `dryRun` what would be done, `in_batch` if a provider is at it already; else what could not be done, and why. */
  readonly left: readonly (CompressionStep & { readonly problem: string | null })[]
}

export interface ListSummariesInput {
  session?: SessionId | undefined
  /** Also those that later ones replace. */
  all?: boolean | undefined
}

/** `isUsed`: contexts are made with it now. */
export type ListedSummary = IndexedSummary & { readonly isUsed: boolean }

/** Something lasting that a summary says. */
export interface Fact {
  readonly text: string
  readonly summary_id: string
  readonly session_id: SessionId | null
  /** When its summary was made. */
  readonly timestamp: string
}
