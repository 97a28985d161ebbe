import type { InteractionId, SessionId, WorkstreamId } from '@arawn/core/id'
import type { Message, Metadata } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { ChatTools } from './turn/chat-tools.js'

export type { ChatTool, ChatTools, ToolOptions } from './turn/chat-tools.js'

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
