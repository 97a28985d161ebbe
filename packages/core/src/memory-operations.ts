import type { AssembledContext } from './assembled-context.js'
import type { Coverage } from './coverage.js'
import type { SessionId, WorkstreamId } from './id.js'
import type { Summary } from './summary.js'
import type { CompressionEvent } from './wire-event.js'
import type { IndexedSummary } from './workstream-index.js'

/** What a model is given of a long history. */
export interface MemoryOperations {
  /**
   * What the model of a workstream would be sent now, part by part. No log is written to, and no model answers; what would
   * have to be summarized first is. Models that help to find old messages are asked as they are for a turn.
   *
   * @throws CONTEXT_TOO_LARGE | MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING
   */
  explainContext(reference: string, input?: ExplainContextInput): Promise<ExplainedContext>
  /**
   * Summarizes what there is to summarize: sessions that ended, the earlier part of a long one, and session summaries
   * into one of the workstream. What is summarized stays in the log. A model that fails leaves a stand-in made by code.
   *
   * @throws SESSION_NOT_FOUND | WORKSTREAM_ARCHIVED | MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING
   */
  compress(reference: string, input?: CompressInput): Promise<CompressionReport>
  /**
   * Does so where something waits for it: a session that ended without a summary or grew long, whoever wrote to it, and
   * degraded summaries, for which the model is asked again ever more seldom and at last no more. Paused workstreams wait.
   *
   * @returns how many summaries were made
   */
  compressDue(options?: { withinMs?: number; signal?: AbortSignal }): Promise<number>
  /**
   * Makes vectors of messages that have none, where the settings name an embedder. Paused workstreams wait. After a failure
   * it does nothing for a while, ever longer up to ten minutes.
   *
   * @returns how many were made
   * @throws what an embedder throws
   */
  embedDue(options?: { withinMs?: number; signal?: AbortSignal }): Promise<number>
  /**
   * Tells of what is compressed in this process, when it begins and when it is over. Not there in a manager that
   * compresses nothing itself.
   *
   * @returns how to stop
   */
  watchCompressions?(tell: (event: CompressionEvent) => void): () => void
  /** Oldest first; by default those that contexts are made with. @throws SESSION_NOT_FOUND */
  listSummaries(reference: string, input?: ListSummariesInput): Promise<ListedSummary[]>
  /** What the summaries say that lasts, oldest first, each once. */
  listFacts(reference: string): Promise<Fact[]>
}

export interface ExplainContextInput {
  /** What somebody would say next; by default the last turn is shown as it is. */
  message?: string | undefined
  /** As for `chat`. */
  model?: string | undefined
}

export type ExplainedContext = AssembledContext & {
  /** `profile/model`. */
  readonly model: string
  readonly windowTokens: number
}

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
