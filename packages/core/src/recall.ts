import type { WorkstreamId } from './id.js'
import type { MessagePosition } from './workstream-index.js'

/** What is known of all messages of a workstream at once, for ranking them: some bytes for each. */
export interface RecallShape {
  /** By sequence, the first one at 0: so many words a message says, at most 65,535; 0 where there is none to be found. */
  readonly wordCounts: Uint16Array
  readonly sessionStarts: SessionStarts
  /** Names of those who said something here, each once, by code units; at most 1,000. */
  readonly authors: readonly string[]
}

/** Where sessions begin, one number a session in each. A long history has thousands, and they are asked for with each question. */
export interface SessionStarts {
  /** Of the first message; ascending. */
  readonly sequences: Uint32Array
  /** When it was said, ms since 1970. */
  readonly saidMs: Float64Array
}

/** A message that may be recalled. */
export interface RecallCandidate {
  readonly position: MessagePosition
  readonly author: string | undefined
}

/** Which messages have tokens. */
export interface TokensQuery {
  readonly workstreamId: WorkstreamId
  readonly analyzerVersion: number
  readonly tokens: readonly string[]
  /** Only sequences below. */
  readonly before: number
  /** Of messages that have one of the tokens. */
  readonly limit: number
}
