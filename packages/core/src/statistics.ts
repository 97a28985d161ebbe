import type { WorkstreamId } from './id.js'
import type { Role } from './message.js'
import type { SessionStatus } from './session.js'
import type { WorkstreamState } from './workstream.js'

/** Counts of everything in a data dir, or of one workstream. All of it is known without reading logs. */
export interface Statistics {
  readonly workstreams: Counted<WorkstreamState>
  readonly sessions: Counted<SessionStatus>
  /** Those that were moved elsewhere are counted there. */
  readonly messages: Counted<Role>
  /** Of all three logs, as far as they are in the index. */
  readonly log_bytes: number
  /** Of the index as a file, without its journal; it has no part for each workstream. */
  readonly index_bytes: number
  /** When the earliest session with a message began. */
  readonly first_message_at: string | null
  readonly last_message_at: string | null
  /** At most five with the most messages, the most first; none without any. */
  readonly busiest: readonly BusyWorkstream[]
}

export type Counted<Kind extends string> = Readonly<Record<Kind | 'total', number>>

export interface BusyWorkstream {
  readonly id: WorkstreamId
  readonly title: string | null
  readonly message_count: number
}
