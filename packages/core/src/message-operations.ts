import type { Again } from './again.js'
import type { InteractionId, MessageId, SessionId } from './id.js'
import type { Message, Metadata, Role } from './message.js'
import type { Workstream } from './workstream.js'

/** Messages in, out, and from one workstream to another. */
export interface MessageOperations {
  /** Appends a message; without `workstream` to scratch, which is made when it is not there. Opens a session when none is active. */
  sendMessage(input: SendMessageInput): Promise<Message>
  /** A message from an agent or a background job, labelled `agent_push`. */
  pushAgentMessage(input: PushAgentMessageInput): Promise<Message>
  /** Ascending by sequence. Without `before`, `after` or `around`: the newest `limit`. @throws MESSAGE_NOT_FOUND for an id */
  listMessages(reference: string, query?: ListMessagesInput, again?: Again<MessagePage>): Promise<MessagePage>
  /**
   * Moves messages out of scratch, by default those of its active session, into a new workstream or one that is there.
   * They keep ids, keys and times, and are hidden in scratch. Once begun it is completed, whatever dies meanwhile.
   *
   * @throws NOTHING_TO_PROMOTE | SESSION_NOT_ACTIVE | SESSION_NOT_FOUND | MESSAGE_NOT_FOUND
   */
  promote(input: PromoteInput): Promise<PromotionReport>
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

export interface MessagePage {
  items: Message[]
  hasOlder: boolean
  hasNewer: boolean
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
