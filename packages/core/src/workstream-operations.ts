import type { Again } from './again.js'
import type { MessageId, WorkstreamId } from './id.js'
import type { TrashedWorkstream } from './log-store.js'
import type { Metadata } from './message.js'
import type { Session } from './session.js'
import type { ForkOrigin, Workstream, WorkstreamState } from './workstream.js'
import type { Page } from './workstream-index.js'

/** What is done with whole workstreams. */
export interface WorkstreamOperations {
  createWorkstream(input?: CreateWorkstreamInput): Promise<Workstream>
  getWorkstream(reference: string): Promise<WorkstreamWithSession>
  listWorkstreams(query?: ListWorkstreamsInput, again?: Again<Page<Workstream>>): Promise<Page<Workstream>>
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
