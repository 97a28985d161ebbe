import type { InteractionId, SessionId, WorkstreamId } from './id.js'
import type { Message, Metadata } from './message.js'
import type { Turn } from './turn.js'
import type { TurnEvent } from './turn-event.js'

/** A model is asked, and answers. */
export interface TurnOperations {
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
}

export interface ChatInput {
  /** By default scratch. */
  workstream?: string | undefined
  content: string
  author?: string | undefined
  metadata?: Metadata | undefined
  /** A profile of the settings, or `profile/model`; by default what the workstream says, else the default profile. */
  model?: string | undefined
  /** Beside those that a workstream gives its model. */
  tools?: ChatTools | undefined
  /** While another turn runs: `reject`, the default, or `queue`, to wait for it. */
  if_busy?: 'reject' | 'queue' | undefined
  /** With the same key and the same request again: the first turn, running or over. */
  idempotency_key?: string | undefined
  /** Cancels it, as `cancel` does. */
  signal?: AbortSignal | undefined
}

/** A turn that was begun. It goes on whether anybody listens or not. */
export interface ChatTurn {
  readonly workstream_id: WorkstreamId
  readonly session_id: SessionId
  readonly interaction_id: InteractionId
  /** The user's, on disk. */
  readonly message: Message
  /** All that happens in it, from its beginning; any number of readers, at any time. */
  events(signal?: AbortSignal): AsyncIterableIterator<TurnEvent>
  /** How it ended. Never fails: what went wrong is its `status` and `error`. */
  readonly ended: Promise<Turn>
  /** Stops it; what came until then is kept. */
  cancel(): void
}

/**
 * Tools of the caller's own, by name, in the shape of the AI SDK: what `tool({ description, inputSchema, execute })` of
 * the package `ai` gives can be passed as it is.
 */
export type ChatTools = Readonly<Record<string, ChatTool>>

export interface ChatTool {
  readonly description?: string | undefined
  /** A Zod schema of an object, or a JSON schema as `{ jsonSchema }`. */
  readonly inputSchema: unknown
  /** What it gives is told to the model, as JSON unless it is text. What it throws is told as an error. */
  execute?: ((input: never, options: ToolOptions) => unknown) | undefined
}

export interface ToolOptions {
  readonly toolCallId: string
  readonly abortSignal: AbortSignal
}
