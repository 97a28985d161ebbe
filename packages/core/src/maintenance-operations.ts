import type { MessageId, WorkstreamId } from './id.js'
import type { QuarantinedTail } from './log-store.js'
import type { SearchProgress } from './search-operations.js'
import type { Statistics } from './statistics.js'
import type { Anomaly } from './workstream-index.js'

/** Looking after logs and index. */
export interface MaintenanceOperations {
  /** Counts of everything, or of one workstream, from the index. */
  stats(reference?: string): Promise<Statistics>
  /** Builds the index anew, with all that search needs. */
  rebuildIndex(options?: { onProgress?: (progress: RebuildProgress) => void }): Promise<RebuildReport>
  /** Brings the index level, as any call does, then looks at every byte of the logs and compares them with the index. */
  verify(): Promise<VerifyReport>
  /**
   * Verifies, and does what loses nothing: removes what the dead left, brings the index level, and builds it anew when it
   * is unsound or differs from the logs. Torn tails are not touched.
   */
  repair(): Promise<RepairReport>
  /**
   * Appends the complete messages of a torn tail that was cut from a log, as if somebody had written them by hand now.
   * Asked again it adds nothing.
   *
   * @param name of `verify().quarantine`
   * @throws TORN_TAIL_NOT_FOUND
   * @throws INVALID_INPUT there is no complete message in it
   */
  restoreTornTail(name: string): Promise<TornTailReport>
  /** The index as text, one logical row a line; the same before and after a rebuild. */
  dumpIndex(): AsyncIterable<string>
}

export interface RebuildProgress {
  /** First all rows are made, and made searchable along the way where that can be; then the rest is made searchable. */
  phase: 'rows' | 'search'
  bytesDone: number
  bytesTotal: number
}

export interface RebuildReport {
  workstreams: number
  messages: number
  bytes: number
  anomalies: number
  durationMs: number
}

export interface VerifyReport {
  ok: boolean
  workstreams: number
  messages: number
  /** Lines that are passed over, repeated ids and the like: counted, harmless. */
  anomalies: Anomaly[]
  /** Each one a sentence with what to do; empty when all is well. */
  problems: VerifyProblem[]
  /** How far search has come; what is left is no problem. */
  search: SearchProgress
  quarantine: KeptTail[]
  /** What the dead left: of no use, and in nobody's way. */
  leftovers: string[]
}

export interface KeptTail extends QuarantinedTail {
  /** What it says, at most 200 characters of it. */
  text: string
  /** How many complete messages are in it. Most often it is half of one. */
  messages: number
}

export interface RepairReport {
  done: RepairStep[]
  /** How things are now. */
  report: VerifyReport
}

export interface RepairStep {
  workstream_id: WorkstreamId | null
  kind: 'leftover_removed' | 'levelled' | 'index_rebuilt'
  /** A sentence. */
  done: string
}

export interface TornTailReport {
  workstreamId: WorkstreamId
  added: MessageId[]
  alreadyThere: number
}

export interface VerifyProblem {
  workstream_id: WorkstreamId | null
  kind: 'torn_tail' | 'index_behind' | 'index_ahead' | 'index_unsound' | 'index_differs' | 'unreadable'
  problem: string
}
