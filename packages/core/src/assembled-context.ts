import type { Coverage } from './coverage.js'
import type { ModelMessage } from './language-model.js'

/** What a model is sent of a workstream, and how it came to be. */
export interface AssembledContext {
  readonly system: string
  readonly messages: readonly ModelMessage[]
  /** So many messages from the beginning stay as they are at the next turn, unless a summary lands or the window steps. */
  readonly stableMessages: number
  /** By the counts that were given: system prompt, tools and messages. Never more than `budgetTokens`. */
  readonly tokens: number
  readonly budgetTokens: number
  /** From this sequence on tool results are whole. */
  readonly verbatimFrom: number
  readonly parts: readonly ContextPart[]
}

export type ContextPartName =
  | 'system'
  | 'tools'
  | 'workstream_summary'
  | 'session_summary'
  | 'older'
  | 'recent'
  | 'echoes'
  | 'turn'

/** One part of a context, in the order in which they are sent, for `arawn context --explain`. */
export interface ContextPart {
  readonly name: ContextPartName
  /** Sequences of the messages that it shows or stands for. */
  readonly coverage: Coverage
  readonly summaryIds: readonly string[]
  readonly tokens: number
  readonly reason: string
  readonly changes: readonly ContextChange[]
  /** Of `echoes`: what was recalled for the new message, the best first, and what its score is the sum of. */
  readonly recalled?: readonly RecalledScore[] | undefined
}

export interface RecalledScore {
  readonly sequence: number
  readonly score: number
  readonly scores: Readonly<Record<string, number>>
}

/** What of a message, a summary or an echo is not shown as it is. */
export interface ContextChange {
  /** Of the message; absent for a summary. */
  readonly sequence?: number | undefined
  readonly summaryId?: string | undefined
  /** `stubbed`: one line says what it was; `cut`: the middle is missing. */
  readonly change: 'stubbed' | 'cut' | 'left out' | 'added'
  readonly why: string
  readonly tokensBefore: number
  readonly tokensAfter: number
}
