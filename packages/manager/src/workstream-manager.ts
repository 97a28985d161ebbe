import type { InteractionId, MessageId, SessionId, WorkstreamId } from '@arawn/core/id'
import type { Source } from '@arawn/core/import-source'
import type { QuarantinedTail, RestoredLine, TrashedWorkstream } from '@arawn/core/log-store'
import type { Message, Metadata, Role } from '@arawn/core/message'
import type { LogName } from '@arawn/core/record'
import type { SearchOrder } from '@arawn/core/search'
import type { Session } from '@arawn/core/session'
import type { Stamp } from '@arawn/core/stamp'
import type { Statistics } from '@arawn/core/statistics'
import type { Turn } from '@arawn/core/turn'
import type { ForkOrigin, Workstream, WorkstreamState } from '@arawn/core/workstream'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { Anomaly, Page } from '@arawn/core/workstream-index'
import type { ImportedMessage } from '@arawn/engine/imported-conversation'
import type { ChatInput, ChatTurn } from './chat.js'
import type { CompressInput, CompressionReport, Fact, ListedSummary, ListSummariesInput } from './compression-report.js'
import type { ExplainContextInput, ExplainedContext } from './explained-context.js'

/**
 * Everything that can be done with workstreams. All of it goes through one commit path, whoever asks.
 *
 * A `reference` is an exact id, else a title that only one workstream has, upper and lower case alike, else at least
 * four characters of an id that no other has: its beginning, with or without `ws_`, or the end of an id that was drawn.
 * Every method that takes one throws WORKSTREAM_NOT_FOUND (with suggestions) or WORKSTREAM_AMBIGUOUS (with
 * candidates); every method that writes throws WORKSTREAM_ARCHIVED for an archived one, LOCK_TIMEOUT, and the LOG_*
 * errors of the store; INVALID_INPUT names the field. What resolved is on disk.
 */
export interface WorkstreamManager {
  createWorkstream(input?: CreateWorkstreamInput): Promise<Workstream>
  getWorkstream(reference: string): Promise<WorkstreamWithSession>
  listWorkstreams(query?: ListWorkstreamsInput): Promise<Page<Workstream>>
  /** A field that is left out stays as it is; null empties it (`title`, `default_model`). */
  updateWorkstream(
    reference: string,
    changes: UpdateWorkstreamInput,
    options?: UpdateWorkstreamOptions,
  ): Promise<Workstream>
  /** Takes messages, runs no background duties. */
  pauseWorkstream(reference: string): Promise<Workstream>
  resumeWorkstream(reference: string): Promise<Workstream>
  /** Makes it read-only. @throws STATE_CHANGE_REFUSED for scratch */
  archiveWorkstream(reference: string): Promise<Workstream>
  unarchiveWorkstream(reference: string): Promise<Workstream>
  /**
   * Copies it up to and including a message into a new workstream: all of it is there afterwards, or nothing. Messages and
   * sessions keep their ids and times; messages that were moved elsewhere are left out; no session is active. Others
   * wait while it copies.
   *
   * @throws MESSAGE_NOT_FOUND | WORKSTREAM_EXISTS
   */
  forkWorkstream(reference: string, fork?: ForkWorkstreamInput): Promise<Workstream>
  /**
   * Moves it to the trash, archived or not; its id is free then. What came from it or went to it before, by promotion or
   * by fork, is not touched.
   *
   * @throws STATE_CHANGE_REFUSED for scratch
   */
  purgeWorkstream(reference: string): Promise<PurgeReport>

  /** Oldest first. */
  listTrash(): Promise<TrashEntry[]>
  /**
   * One entry of the trash.
   *
   * @param reference its name or at least 4 characters that it begins with, or the id or title of its workstream, or part
   * of the id
   * @throws TRASH_ENTRY_NOT_FOUND
   * @throws TRASH_ENTRY_AMBIGUOUS with those that it may mean
   */
  findInTrash(reference: string): Promise<TrashEntry>
  /**
   * Puts a purged workstream back, with all that it had.
   *
   * @param reference as for `findInTrash`; of several entries of the same workstream the newest
   * @throws TRASH_ENTRY_NOT_FOUND | TRASH_ENTRY_AMBIGUOUS
   * @throws RESTORE_CONFLICT the id is taken again
   */
  restoreFromTrash(reference: string): Promise<Workstream>
  /**
   * Deletes for good: one entry by its whole name, or all that have been there for so long; without an argument all.
   *
   * @returns what was deleted
   * @throws TRASH_ENTRY_NOT_FOUND for a name
   */
  emptyTrash(which?: string | { olderThanMs?: number | undefined }): Promise<TrashedWorkstream[]>

  /** Appends a message; without `workstream` to scratch, which is made when it is not there. Opens a session when none is active. */
  sendMessage(input: SendMessageInput): Promise<Message>
  /** A message from an agent or a background job, labelled `agent_push`. */
  pushAgentMessage(input: PushAgentMessageInput): Promise<Message>

  /** Ascending by sequence. Without `before`, `after` or `around`: the newest `limit`. @throws MESSAGE_NOT_FOUND for an id */
  listMessages(reference: string, query?: ListMessagesInput): Promise<MessagePage>
  /**
   * Finds messages by what they say: words (all of them, by their stems), `"a phrase"`, `prefix*`, `-without`, and `OR`
   * between alternatives. Any text is a query; one without words finds nothing and says `nothingAsked`.
   *
   * What makes messages found follows behind the messages. A search first brings it level, for as long as `withinMs`;
   * `complete: false` says that there is more to be found later.
   *
   * Pages go on from `next`: nothing comes twice or is left out, whatever is written or rebuilt meanwhile; what came after
   * the first page is not in the later ones. In the order `relevance` the cursor names all hits that were given, and grows
   * by some bytes with each; to go through very many, ask for `newest`.
   *
   * @throws INVALID_INPUT
   */
  searchMessages(input: SearchMessagesInput): Promise<MessageSearchAnswer>
  /** Brings search level, in small steps between which others write. A server does so in the background. */
  levelSearch(options?: LevelSearchOptions): Promise<{ complete: boolean }>
  listSessions(reference: string, query?: ListSessionsInput): Promise<Page<Session>>
  /** @throws SESSION_NOT_FOUND */
  getSession(reference: string, sessionId: SessionId): Promise<Session>
  /** Begins a session; the active one ends, unless nothing was said in it yet. */
  startSession(reference: string): Promise<Session>
  /** Ends the active session, or exactly the given one. @throws SESSION_NOT_ACTIVE | SESSION_NOT_FOUND */
  endSession(reference: string, sessionId?: SessionId): Promise<Session>

  /**
   * Ends every session in which nothing happened for the idle time: `timed_out`, as of its last activity. A message
   * that comes late does the same for its own workstream, swept or not.
   *
   * @returns what was ended
   */
  sweepIdleSessions(): Promise<Session[]>
  /** Ends, with the reason `shutdown`, the sessions in which this manager had the last word. For a server that stops. */
  endOwnSessions(): Promise<Session[]>

  /**
   * What happens, in order, for ever: each event once, also those of other processes. With `since` everything behind that
   * place, so that whoever asks again with the last cursor seen misses nothing. Without it from this call on; what another
   * process wrote some milliseconds before may come, too.
   *
   * Events are read from the logs as they are asked for: a slow reader costs no memory. The iterator ends, without an
   * error, on `signal`, on `return` and when the manager is closed. It keeps no process alive.
   *
   * `workstream.resync` says that a workstream got lines from before: it was restored, copied in or edited. Those have no
   * events of their own behind an older cursor; read the workstream again. One that is purged takes its events with it.
   *
   * @throws INVALID_INPUT at once; whatever else goes wrong, from `next`. The last cursor stays good
   */
  subscribe(input?: SubscribeInput): AsyncIterableIterator<WorkstreamEvent>

  /**
   * Moves messages out of scratch, by default those of its active session, into a new workstream or one that is there.
   * They keep ids, keys and times, and are hidden in scratch. Once begun it is completed, whatever dies meanwhile.
   *
   * @throws NOTHING_TO_PROMOTE | SESSION_NOT_ACTIVE | SESSION_NOT_FOUND | MESSAGE_NOT_FOUND
   */
  promote(input: PromoteInput): Promise<PromotionReport>

  /**
   * Begins a turn: the user's message is on disk when this resolves, and the model is being asked. The turn goes on
   * whether anybody listens or not, and ends by itself, by `cancel`, or with the manager.
   *
   * @throws WORKSTREAM_BUSY another turn runs, and `if_busy` is not `queue`
   * @throws MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING | WORKSTREAM_ARCHIVED | IDEMPOTENCY_KEY_REUSED
   */
  chat(input: ChatInput): Promise<ChatTurn>
  /** A turn that runs here, or that is over. @throws TURN_NOT_FOUND */
  getTurn(reference: string, interactionId: string): Promise<ChatTurn>
  /** Turns that run in this process, the oldest first. */
  listRunningTurns(reference?: string): Promise<ChatTurn[]>
  /** Turns without a whole answer (failed, stopped, cut off), newest first; 20 unless `limit` says otherwise. */
  listFailedTurns(reference: string, query?: { limit?: number }): Promise<Turn[]>
  /** Stops a turn of this process; without an id the one that runs. @returns whether there was one */
  cancelTurn(reference: string, interactionId?: string): Promise<boolean>
  /** Ends, as `interrupted`, turns whose process is dead. @returns how many */
  endDeadTurns(): Promise<number>

  /**
   * What the model of a workstream would be sent now, part by part. Nothing is written, and no model is called; what
   * would have to be summarized first is.
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
  /** Oldest first; by default those that contexts are made with. @throws SESSION_NOT_FOUND */
  listSummaries(reference: string, input?: ListSummariesInput): Promise<ListedSummary[]>
  /** What the summaries say that lasts, oldest first, each once. */
  listFacts(reference: string): Promise<Fact[]>

  /** Takes a conversation in. Asked again with the same source it adds only what is new. */
  importConversation(input: ImportConversationInput): Promise<ImportReport>
  /** All messages as text, in pieces: for people, or a line of JSON for tools that read OpenAI's form. */
  exportText(reference: string, format: 'markdown' | 'openai'): Promise<AsyncIterable<string>>
  /** The bytes of a workstream's logs as they are, for a native export. */
  exportLogs(reference: string): Promise<ExportedLogs>
  /** Puts exported logs back, byte for byte: all of them, or nothing is left. @throws RESTORE_CONFLICT when the id is taken */
  restoreLogs(workstreamId: WorkstreamId, logs: AsyncIterable<RestoredLine>): Promise<Workstream>

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

  close(): Promise<void>
}

export interface CreateWorkstreamInput {
  id?: string | undefined
  title?: string | null | undefined
  default_model?: string | null | undefined
  tags?: readonly string[] | undefined
  metadata?: Metadata | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
}

export interface UpdateWorkstreamInput {
  title?: string | null | undefined
  default_model?: string | null | undefined
  tags?: readonly string[] | undefined
  metadata?: Metadata | undefined
  /** With the fields in one commit; also out of `archived`. */
  state?: WorkstreamState | undefined
}

export interface UpdateWorkstreamOptions {
  /** Sees it as it is under the lock, right before it is changed; what it throws, the update throws. */
  check?: ((workstream: Workstream) => void) | undefined
}

export type WorkstreamWithSession = Workstream & { active_session: Session | null }

export interface ListWorkstreamsInput {
  /** By default all but archived ones. */
  state?: WorkstreamState | 'all' | undefined
  tag?: string | undefined
  /** Part of the title. */
  text?: string | undefined
  /** 1 to 1,000; 20 by default. */
  limit?: number | undefined
  /** The `next` of the page before. */
  after?: string | undefined
}

export interface SendMessageInput {
  workstream?: string | undefined
  content: string
  /** `user` by default. */
  role?: Exclude<Role, 'agent_push'> | undefined
  author?: string | undefined
  interaction_id?: InteractionId | undefined
  metadata?: Metadata | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
}

export interface PushAgentMessageInput {
  workstream: string
  content: string
  author?: string | undefined
  metadata?: Metadata | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
}

export interface ListMessagesInput {
  /** 1 to 1,000; 50 by default. */
  limit?: number | undefined
  /** Sequence or message id; the message itself is left out. */
  after?: number | MessageId | undefined
  before?: number | MessageId | undefined
  /** The message stands in the middle of the page. */
  around?: number | MessageId | undefined
  /** Also those that were moved to other workstreams. */
  includePromoted?: boolean | undefined
}

export interface PromoteInput {
  /** All of this session, instead of the active one. */
  session?: SessionId | undefined
  /** From one message to another, both included: sequences or ids. */
  messages?: { first: number | MessageId; last: number | MessageId } | undefined
  /** Title of a workstream to be made for them. */
  title?: string | undefined
  /** A workstream that is there. */
  into?: string | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
}

export interface PromotionReport {
  /** Of the promotion. */
  id: string
  /** Where they are now. */
  workstream: Workstream
  /** How many were moved. */
  messages: number
}

export interface MessagePage {
  items: Message[]
  hasOlder: boolean
  hasNewer: boolean
}

export interface SubscribeInput {
  /** The `cursor` of an event, or a stamp: what has it lies before. 0 stands for the beginning. */
  since?: string | Stamp | undefined
  /** Only the events of this one. */
  workstream?: string | undefined
  signal?: AbortSignal | undefined
}

export interface SearchMessagesInput {
  query: string
  workstream?: string | undefined
  session?: SessionId | undefined
  role?: Role | undefined
  /** Exactly as it was given. */
  author?: string | undefined
  /** Said at this time or later; ISO 8601. */
  since?: string | undefined
  /** Said before this time. */
  until?: string | undefined
  /** 1 to 1,000; 20 by default. */
  limit?: number | undefined
  /** The `next` of the page before; the rest of the input stays the same. */
  after?: string | undefined
  /** Also messages that were moved to another workstream. */
  includePromoted?: boolean | undefined
  /** `relevance` by default; equally good ones and `newest`: what was said last comes first. */
  order?: SearchOrder | undefined
  /** How long to bring search level before the answer, milliseconds; 250 by default. */
  withinMs?: number | undefined
}

export interface MessageSearchAnswer {
  items: FoundMessage[]
  /** False when some messages could not be looked at yet. */
  complete: boolean
  /** The query has no words. */
  nothingAsked?: true
  /** Goes on with the next page; undefined when there is none. Opaque. */
  next?: string
}

export interface FoundMessage {
  message: Message
  workstream_id: WorkstreamId
  /** A passage on one line, without control characters. */
  snippet: string
  /** What was found in it: UTF-16 offsets, ascending. */
  highlights: [from: number, to: number][]
  /** Greater is better; comparable within one answer only. */
  score: number
}

export interface LevelSearchOptions {
  /** For how long at the most, milliseconds; 250 by default. */
  withinMs?: number | undefined
  onProgress?: ((progress: SearchProgress) => void) | undefined
}

export interface SearchProgress {
  messagesDone: number
  messagesTotal: number
}

export interface ListSessionsInput {
  /** 1 to 1,000; 20 by default. */
  limit?: number | undefined
  newestFirst?: boolean | undefined
  after?: string | undefined
}

export interface ForkWorkstreamInput {
  /** Id or sequence of the last message to be copied; by default the last one there is. */
  message?: number | MessageId | undefined
  /** By default that of the original with " (fork)" behind it. */
  title?: string | null | undefined
  id?: string | undefined
}

export interface PurgeReport {
  /** As it was. */
  workstream: Workstream
  trashed: TrashedWorkstream
  elsewhere: StandsElsewhere
}

/** What of a workstream is in others, whatever becomes of it. */
export interface StandsElsewhere {
  /** Messages that it gave to others. */
  promotedTo: PromotedMessages[]
  /** Messages that it got from others, whose logs still have them. */
  promotedFrom: PromotedMessages[]
  /** Copies that were made of it. */
  forks: WorkstreamId[]
  /** What it is a copy of. */
  forkedFrom: ForkOrigin | null
}

export interface PromotedMessages {
  workstreamId: WorkstreamId
  messages: number
}

export type TrashEntry = TrashedWorkstream & { title: string | null }

export interface ImportConversationInput {
  source: Source
  /** Used when the conversation is new here. */
  title?: string | null | undefined
  /** Where it goes when its source is unknown; by default into a new workstream. */
  into?: string | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
  messages: readonly ImportedMessage[]
}

export interface ImportReport {
  workstream: Workstream
  created: boolean
  added: number
  alreadyThere: number
  sessions: number
}

export interface ExportedLogs {
  workstream: Workstream
  lines(log: LogName): AsyncIterable<Uint8Array>
}

export interface RebuildProgress {
  /** First all rows are made, then all is made searchable. */
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
