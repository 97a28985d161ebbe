import type { InteractionId, SessionId, WorkstreamId } from './id.js'
import type { AnswerStyle } from './language-model.js'
import type { Message, Metadata } from './message.js'
import type { SaidMessage } from './said-message.js'
import type { Turn } from './turn.js'
import type { TurnEvent } from './turn-event.js'

/** A model is asked, and answers. */
export interface TurnOperations {
  /**
   * Begins a turn: the user's message is on disk when this resolves, and the model is being asked. The turn goes on
   * whether anybody listens or not, and ends by itself, by `cancel`, or with the manager.
   *
   * A turn in which the model calls tools that the caller runs ends with those calls, as `ok`. The next one goes on with
   * their results, told as `messages`.
   *
   * @throws WORKSTREAM_BUSY another turn runs, and `if_busy` is not `queue`
   * @throws HISTORY_DIVERGED the `messages` that were told are not those that are stored
   * @throws MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING | WORKSTREAM_ARCHIVED | IDEMPOTENCY_KEY_REUSED
   */
  chat(input: ChatInput | ToldInput): Promise<ChatTurn>
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
  /** Beside those that a workstream gives its model. Those without `execute` are the caller's to run. */
  tools?: ChatTools | undefined
  /** Told to the model behind its system prompt, in this turn only; not stored. */
  instructions?: string | undefined
  /** Of each answer in this turn, at most what the model's profile says. */
  max_output_tokens?: number | undefined
  /** How the model is to answer, in this turn only. */
  style?: AnswerStyle | undefined
  /** While another turn runs: `reject`, the default, or `queue`, to wait for it. */
  if_busy?: 'reject' | 'queue' | undefined
  /** With the same key and the same request again: the first turn, running or over. */
  idempotency_key?: string | undefined
  /** Cancels it, as `cancel` does. */
  signal?: AbortSignal | undefined
}

/** For callers that keep the conversation, too, as those do that speak to models. */
export interface ToldInput extends Omit<ChatInput, 'content' | 'author' | 'metadata'> {
  /**
   * The conversation as far as the caller knows it, oldest first: from its beginning, from somewhere in the middle, or just
   * what is new, which is a user's message or the results of calls. Only what is not stored yet is stored. Pushes, and calls
   * that Arawn has run, are not expected in it; turns that did not end well may be in it or not.
   *
   * The last one is a user's, or a result.
   */
  messages: readonly SaidMessage[]
}

/** A turn that was begun. It goes on whether anybody listens or not. */
export interface ChatTurn {
  readonly workstream_id: WorkstreamId
  readonly session_id: SessionId
  readonly interaction_id: InteractionId
  /** The user's, or the first of the results, on disk. */
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
  /**
   * What it gives is told to the model, as JSON unless it is text. What it throws is told as an error. Without it the turn
   * ends with the call, and the caller tells what it gave in the next one.
   */
  execute?: ((input: never, options: ToolOptions) => unknown) | undefined
}

export interface ToolOptions {
  readonly toolCallId: string
  readonly abortSignal: AbortSignal
}
