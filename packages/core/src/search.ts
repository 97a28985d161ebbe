import type { SessionId, WorkstreamId } from './id.js'
import type { Role } from './message.js'
import type { SearchTerm, TextTokens } from './text-analyzer.js'
import type { MessagePosition } from './workstream-index.js'

/** What the words of a query ask for. */
export interface SearchExpression {
  /** A message has to say all terms of at least one of these. None is empty. */
  readonly alternatives: readonly (readonly SearchTerm[])[]
  /** And none of these. */
  readonly without: readonly SearchTerm[]
  /** Nothing but words, several of them: messages that say some of them may be wanted, too. */
  readonly plain: boolean
}

export type SearchOrder = 'relevance' | 'newest'

export interface MatchQuery {
  readonly expression: SearchExpression
  /** Rows that another version of the analyzer made are not looked at. */
  readonly analyzerVersion: number
  readonly workstreamId?: WorkstreamId | undefined
}

/** Messages of one workstream by their sequences. */
export interface SearchMatches {
  readonly workstreamId: WorkstreamId
  readonly sequences: readonly number[]
}

/** Which of the messages that say what is asked for are wanted. */
export interface SearchFilter {
  readonly sessionId?: SessionId | undefined
  readonly role?: Role | undefined
  /** Exactly. */
  readonly author?: string | undefined
  /** When it was said, milliseconds since 1970: from this time on, and before that time. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  /** Also messages that were moved elsewhere. */
  readonly includePromoted?: boolean | undefined
  /** Only messages with this stamp or an earlier one. What was moved elsewhere after it is still where it was. */
  readonly upToStamp?: number | undefined
}

export interface NewestQuery extends MatchQuery, SearchFilter {
  readonly limit: number
  /** Only what follows this hit. */
  readonly after?: SearchPlace | undefined
}

/** The place of a hit in the order `newest`: later said first, then by workstream id, then later sequences first. */
export interface SearchPlace {
  readonly saidMs: number
  readonly workstreamId: WorkstreamId
  readonly sequence: number
}

export interface SearchHit extends SearchPlace {
  readonly position: MessagePosition
  readonly author: string | undefined
}

/** Messages of one workstream that have rows but cannot be found yet. */
export interface SearchGap {
  readonly workstreamId: WorkstreamId
  /** Messages up to this sequence can be found. */
  readonly searched: number
  /** The last sequence that has been applied. */
  readonly applied: number
}

/** What makes some messages of one workstream found. */
export interface SearchAddition {
  readonly workstreamId: WorkstreamId
  /** The gap's `searched` when they were read. */
  readonly searched: number
  /** Up to which sequence they can be found afterwards. */
  readonly upTo: number
  /** Ascending by sequence; what is no message has none. */
  readonly rows: readonly SearchRow[]
}

export interface SearchRow extends TextTokens {
  readonly position: MessagePosition
  readonly saidMs: number
  readonly author?: string | undefined
}
