import type { Coverage } from './coverage.js'
import type { InteractionId, MessageId, SessionId, WorkstreamId } from './id.js'
import type { DecodedLine, SkipReason } from './line.js'
import type { LogHeads } from './log-store.js'
import type { Role } from './message.js'
import type { MessageVector, VectorAddition, VectorGap, VectorQuery } from './message-vector.js'
import type { RecallCandidate, RecallShape, TokensQuery } from './recall.js'
import type { LogName } from './record.js'
import type {
  MatchQuery,
  NewestQuery,
  SearchAddition,
  SearchFilter,
  SearchGap,
  SearchHit,
  SearchMatches,
} from './search.js'
import type { Session } from './session.js'
import type { Stamp } from './stamp.js'
import type { Statistics } from './statistics.js'
import type { Summary } from './summary.js'
import type { Turn } from './turn.js'
import type { Workstream, WorkstreamState } from './workstream.js'

/**
 * What can be asked about workstreams without reading logs. It is a cache: it may be missing, old or broken at any
 * time, and everything in it comes from `apply`.
 */
export interface IndexReader {
  workstream(id: WorkstreamId): Promise<Workstream | undefined>
  workstreams(query: WorkstreamQuery): Promise<Page<Workstream>>
  /** Case-insensitive match of the whole title, archived ones included; at most `limit`, ordered by id. */
  workstreamsByTitle(title: string, limit: number): Promise<Workstream[]>
  /** Those whose id begins and ends so, archived ones included; at most `limit`, ordered by id. */
  workstreamsByIdParts(parts: IdParts, limit: number): Promise<Workstream[]>
  /** The workstream that an imported conversation went to. */
  workstreamBySource(format: string, conversationId: string): Promise<WorkstreamId | undefined>
  activeSession(workstreamId: WorkstreamId): Promise<Session | undefined>
  /** Active sessions whose last activity was at this time, milliseconds since 1970, or before. */
  idleSessions(lastActivityMs: number): Promise<{ workstreamId: WorkstreamId; id: SessionId }[]>
  session(workstreamId: WorkstreamId, sessionId: SessionId): Promise<Session | undefined>
  /** The session that the last imported message went to. */
  lastImportedSession(workstreamId: WorkstreamId): Promise<Session | undefined>
  /** In the order in which they were opened, oldest first unless `newestFirst`. */
  sessions(query: SessionQuery): Promise<Page<Session>>
  /** Ascending by sequence, whichever way the page was taken. */
  messages(query: MessageQuery): Promise<Page<MessagePosition>>
  message(workstreamId: WorkstreamId, messageId: MessageId): Promise<MessagePosition | undefined>
  /** Which of these keys of an import are there already. */
  importedKeys(workstreamId: WorkstreamId, keys: readonly string[]): Promise<Set<string>>
  /** The first request with this key; `scope` is a workstream's id, or empty for the data dir. */
  idempotentRequest(scope: string, key: string): Promise<IdempotentRequest | undefined>
  /** Promotions that were started and are not completed, oldest first. */
  pendingPromotions(): Promise<Promotion[]>
  promotion(workstreamId: WorkstreamId, id: string): Promise<Promotion | undefined>
  /** Sequences of the messages that are shown, ascending: of one session, or from one to another, both included. */
  visibleSequences(
    workstreamId: WorkstreamId,
    which: { readonly sessionId: SessionId } | { readonly first: number; readonly last: number },
  ): Promise<number[]>
  /** How many of these imported messages came after a stamp, and how many sessions began with them. */
  importedSince(
    workstreamId: WorkstreamId,
    keys: readonly string[],
    stamp: Stamp,
  ): Promise<{ messages: number; sessions: number }>
  /** Promotions that moved messages out of this workstream or into it, completed or not, oldest first. */
  promotionsOf(workstreamId: WorkstreamId): Promise<Promotion[]>
  /** Workstreams that began as a copy of this one, ordered by id. */
  forksOf(workstreamId: WorkstreamId): Promise<WorkstreamId[]>
  turn(workstreamId: WorkstreamId, interactionId: InteractionId): Promise<Turn | undefined>
  runningTurn(workstreamId: WorkstreamId): Promise<Turn | undefined>
  /** Turns that ended otherwise than with `ok`, the newest first. */
  failedTurns(workstreamId: WorkstreamId, limit: number): Promise<Turn[]>
  /** Of all workstreams, ordered by id. */
  runningTurns(): Promise<Turn[]>
  /** Every summary that was written, oldest first, also those that later ones replace. */
  summaries(workstreamId: WorkstreamId): Promise<IndexedSummary[]>
  /** The same with just what they cover, and without those that say nothing. */
  summaryCoverages(workstreamId: WorkstreamId): Promise<SummaryCoverage[]>
  summary(workstreamId: WorkstreamId, id: string): Promise<IndexedSummary | undefined>
  /** The last one that was made by the work with this key. */
  summaryByKey(workstreamId: WorkstreamId, key: string): Promise<IndexedSummary | undefined>
  /** Compressions that gave no summary worth keeping, oldest first. */
  compressionAttempts(workstreamId: WorkstreamId): Promise<CompressionAttemptRow[]>
  /** Work that was handed to a provider to be answered later, collected or not, oldest first. */
  compressionBatches(workstreamId: WorkstreamId): Promise<CompressionBatch[]>
  /** Those not collected yet, of workstreams neither paused nor archived, oldest first. */
  openCompressionBatches(): Promise<CompressionBatch[]>
  /** Which messages of each session are shown, by session id. */
  sessionCoverage(workstreamId: WorkstreamId): Promise<Map<SessionId, Coverage>>
  /**
   * Workstreams, neither paused nor archived, that have an ended session of at least so many messages without a
   * summary, ordered by id.
   */
  workstreamsToCompress(minMessages: number): Promise<WorkstreamId[]>
  /** Workstreams, neither paused nor archived, in which the newest summary of something is degraded, ordered by id. */
  degradedWorkstreams(): Promise<DegradedWorkstream[]>
  /** The active sessions of workstreams that are not paused and have at least so many messages, ordered by workstream. */
  longSessions(minMessages: number): Promise<LongSession[]>
  /** Tokens of those of these messages that were counted before, by sequence. A cache. */
  tokenCounts(workstreamId: WorkstreamId, counter: string, sequences: readonly number[]): Promise<Map<number, number>>
  heads(workstreamId: WorkstreamId): Promise<IndexHeads | undefined>
  /** Of every workstream in the index, how much of each log was applied, and which file it was. */
  allHeads(): Promise<Map<WorkstreamId, LogHeads>>
  /** Heads of the workstreams that have a line with this stamp or a later one; all as of one moment. */
  headsFrom(stamp: Stamp): Promise<Map<WorkstreamId, IndexHeads>>
  lastStamp(): Promise<Stamp>
  /** Of everything, or of one workstream. */
  statistics(workstreamId?: WorkstreamId): Promise<Statistics>
  anomalies(workstreamId?: WorkstreamId): Promise<Anomaly[]>
  /**
   * Workstreams of which messages cannot be found yet: search rows follow behind the others.
   *
   * @returns at most `limit`, ordered by id; empty when search is level
   */
  searchGaps(analyzerVersion: number, limit: number): Promise<SearchGap[]>
  /** How many applied lines of messages.jsonl cannot be found yet, and how many there are. */
  searchLag(analyzerVersion: number): Promise<{ readonly behind: number; readonly applied: number }>
  /** Up to which sequence the messages of a workstream can be found; 0 for none. */
  searchedUpTo(workstreamId: WorkstreamId, analyzerVersion: number): Promise<number>
  /** Which messages say what is asked for: of each workstream that has some, descending. In all at most `limit`. */
  searchMatches(query: MatchQuery, limit?: number): Promise<SearchMatches[]>
  /** Those of these messages that pass a filter, in no order. */
  searchHits(matches: readonly SearchMatches[], filter: SearchFilter): Promise<SearchHit[]>
  /** Messages that say what is asked for and pass a filter, the newest first. */
  searchNewest(query: NewestQuery): Promise<Page<SearchHit>>
  /**
   * What is known of all messages of some workstreams, or of those below a sequence. Workstreams of which this version of
   * the analyzer has added nothing yet are left out.
   */
  recallShapes(
    workstreamIds: readonly WorkstreamId[],
    analyzerVersion: number,
    before?: number,
  ): Promise<ReadonlyMap<WorkstreamId, RecallShape>>
  /** By token: the messages that have it, the newest first; undefined where they are more than `limit`. */
  sequencesWith(query: TokensQuery): Promise<readonly (Uint32Array | undefined)[]>
  /** By token: the newest messages that have it, at most `limit`, the newest first. */
  newestWith(query: TokensQuery): Promise<readonly Uint32Array[]>
  /** Those of these messages that are shown in the workstream, ascending. */
  recallCandidates(workstreamId: WorkstreamId, sequences: readonly number[]): Promise<RecallCandidate[]>
  /** What a model made of a question before. A cache. */
  questionNote(key: string): Promise<Uint8Array | undefined>
  /**
   * Workstreams, neither paused nor archived, of which messages have no vectors of an embedder yet.
   *
   * @returns at most `limit`, ordered by id
   */
  vectorGaps(model: string, limit: number): Promise<VectorGap[]>
  /**
   * How many vectors there are, at the most, of messages below a sequence; counted up to `limit`. Cheap where they are few. A
   * cache, as are all vectors.
   */
  vectorCount(query: Omit<VectorQuery, 'after'>): Promise<number>
  /** Ascending by sequence. */
  vectors(query: VectorQuery): Promise<MessageVector[]>
  /** Of those of these messages that have one, in the order that is given. */
  vectorsOf(workstreamId: WorkstreamId, model: string, sequences: readonly number[]): Promise<MessageVector[]>
  /** The hashes of the texts that they were made of, by sequence. */
  vectorHashes(workstreamId: WorkstreamId, model: string, sequences: readonly number[]): Promise<Map<number, string>>
  /** Every logical row as one line of text, in a fixed order: equal dumps mean equal indexes. What search has is left out. */
  dump(): AsyncIterable<string>
}

/** Rows in the making: reads see what was applied, nobody else does until `commit`. */
export interface IndexTransaction extends IndexReader {
  /**
   * Applies lines in the given order. Total: whatever they say, the index stays valid.
   * Only the holder of the write lock, or the builder of a replacement, may call it.
   */
  apply(workstreamId: WorkstreamId, lines: readonly IndexedLine[]): Promise<void>
  /** Remembers up to where a workstream's logs have been applied. */
  setHeads(workstreamId: WorkstreamId, heads: IndexHeads, changed?: readonly LogName[]): Promise<void>
  /** Another value than in the transaction before: somebody else has committed, or it is another index. */
  version(): Promise<string>
  /**
   * Makes messages found, if the index still is as it was when they were read. The first one of another version of the
   * analyzer removes all that the version before has added.
   *
   * @returns false when somebody else was faster or the messages have changed: nothing was added
   */
  addToSearch(analyzerVersion: number, addition: SearchAddition): Promise<boolean>
  /** Keeps tokens of messages, by sequence. */
  keepTokenCounts(workstreamId: WorkstreamId, counter: string, counts: ReadonlyMap<number, number>): Promise<void>
  /** Keeps what a model made of a question; of many, the newest. */
  keepQuestionNote(key: string, note: Uint8Array): Promise<void>
  /** @returns false when somebody else was faster or the messages have changed: nothing was added */
  addVectors(addition: VectorAddition): Promise<boolean>
  /** Removes every row of a workstream. */
  forget(workstreamId: WorkstreamId): Promise<void>
  /** Marks a point to go back to; a later one takes the place of it. */
  savepoint(): Promise<void>
  backToSavepoint(): Promise<void>
  /** Whether anything was written since the last savepoint, or ever if there is none. */
  hasChanged(): boolean
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** `absent`: not there. `replaced`: another one lies in its place. `unusable`: it cannot be read or is not ours. */
export type IndexCondition = 'current' | 'absent' | 'replaced' | 'unusable'

export interface WorkstreamIndex extends IndexReader {
  /** Cheap: asked before every use. */
  condition(): IndexCondition
  /** Another value than before: somebody has committed, or it is another index. Cheap: asked many times a second. */
  version(): Promise<string>
  /** Looks at everything in it; empty when it is sound. */
  verify(): Promise<string[]>
  /** Opens what lies there now. */
  reopen(): Promise<IndexCondition>
  begin(): Promise<IndexTransaction>
  /** A new, empty index beside the one in use. */
  startReplacement(): Promise<IndexReplacement>
  /** Removes what the dead left of replacements that they were building. @returns what was removed */
  removeLeftovers(): Promise<string[]>
  close(): Promise<void>
}

export interface IndexReplacement {
  readonly transaction: IndexTransaction
  /** Commits it and puts it in the place of the index in use. Only under the write lock. */
  install(): Promise<void>
  discard(): Promise<void>
}

export interface IndexedLine {
  readonly log: LogName
  /** 1-based position in its log. */
  readonly sequence: number
  /** Byte offset of its first byte, and its length without LF. */
  readonly offset: number
  readonly length: number
  /** Its place in the order of everything; for a line written by hand, the stamp under which it was adopted. */
  readonly stamp: Stamp
  readonly line: DecodedLine
}

export interface IndexHead {
  /** Bytes and lines of the log that have been applied. */
  readonly bytes: number
  readonly lines: number
  /** Where the last applied line begins, and a hash of it: tells a restored log from another one. */
  readonly lastLineOffset: number
  readonly lastLineHash: string
  /** Greatest stamp among the applied lines; 0 when there is none. */
  readonly lastStamp: Stamp
  /** The log's generation when it was last compared. A cache: not part of a dump. */
  readonly generation: string
}
export type IndexHeads = Readonly<Record<LogName, IndexHead>>

export type AnomalyKind =
  | SkipReason
  | 'duplicate_id'
  | 'implied_workstream'
  | 'implied_session'
  | 'superseded_session'
  | 'unknown_session'
  | 'repeated_creation'
  | 'unknown_promotion'
  | 'unknown_turn'
  | 'superseded_turn'
  | 'unknown_batch'

export interface Anomaly {
  readonly workstream_id: WorkstreamId
  readonly log: LogName
  readonly sequence: number
  readonly kind: AnomalyKind
}

export interface MessagePosition {
  readonly id: MessageId
  readonly role: Role
  readonly session_id: SessionId
  readonly sequence: number
  readonly stamp: Stamp
  readonly offset: number
  readonly length: number
  /** The promotion that moved it elsewhere. */
  readonly promotion_id: string | null
}

/** What a key that was used before stands for. */
export interface IdempotentRequest {
  readonly request_hash: string
  readonly workstream_id: WorkstreamId
  /** The record that was written for it. */
  readonly log: LogName
  readonly sequence: number
}

export interface Promotion {
  readonly workstream_id: WorkstreamId
  readonly id: string
  readonly target_id: WorkstreamId
  readonly target_title: string | null
  readonly coverage: Coverage
  readonly stamp: Stamp
  readonly completed: boolean
}

/** A summary as it stands in its log. */
export interface IndexedSummary extends Summary {
  readonly kind: 'session' | 'workstream'
  /** The session that it is of, all or part of it; null for one of the workstream. */
  readonly session_id: SessionId | null
  readonly stamp: Stamp
}

export type SummaryCoverage = Pick<IndexedSummary, 'id' | 'kind' | 'session_id' | 'coverage'>

export interface CompressionAttemptRow {
  readonly key: string
  readonly outcome: 'degraded' | 'failed' | 'not_smaller'
}

export interface DegradedWorkstream {
  readonly workstreamId: WorkstreamId
  /** Of the last degraded summary that nothing has replaced. */
  readonly madeStamp: Stamp
  /** Of that, or of the last compression in this workstream that gave nothing worth keeping. */
  readonly triedStamp: Stamp
}

export interface LongSession {
  readonly workstreamId: WorkstreamId
  readonly id: SessionId
  readonly messageCount: number
}

export interface CompressionBatch {
  readonly workstream_id: WorkstreamId
  readonly id: string
  /** As `profile/model`. */
  readonly model: string
  /** Of the work in it, as in a receipt. */
  readonly keys: readonly string[]
  /** Who was about to submit it. */
  readonly owner: string
  readonly claimed_at: string
  /** The provider's own name of it; null until it was submitted. */
  readonly batch_id: string | null
  /** When the provider gives it up; null when it does not say. */
  readonly expires_at: string | null
  /** null until it was collected. */
  readonly outcome: 'ended' | 'unwanted' | 'expired' | 'gone' | 'failed' | 'busy' | 'lost' | null
}

export interface WorkstreamQuery {
  /** By default all but archived ones. */
  readonly state?: WorkstreamState | 'all' | undefined
  readonly tag?: string | undefined
  /** Part of the title, case-insensitive. */
  readonly text?: string | undefined
  /** At least 1. */
  readonly limit: number
  /** Only what follows this cursor, in list order: last message (or creation) newest first. */
  readonly after?: string | undefined
}

/** Letters as they are in ids; an empty one fits every id. */
export interface IdParts {
  readonly begin: string
  readonly end: string
}

export interface SessionQuery {
  readonly workstreamId: WorkstreamId
  readonly limit: number
  readonly newestFirst?: boolean | undefined
  readonly after?: string | undefined
}

/** Sequences are exclusive borders. Without any, the last `limit` messages. */
export interface MessageQuery {
  readonly workstreamId: WorkstreamId
  readonly limit: number
  readonly after?: number | undefined
  readonly before?: number | undefined
  /** Also those that were moved elsewhere. */
  readonly includePromoted?: boolean | undefined
}

export interface Page<Item> {
  readonly items: Item[]
  /** Whether more follow in the direction of the page. */
  readonly hasMore: boolean
  /** Cursor to ask for what follows; undefined when nothing does. Opaque. */
  readonly next?: string | undefined
}
