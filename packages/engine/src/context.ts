import type { AssembledContext } from '@arawn/core/assembled-context'
/** What goes into the assembly of a context, and what comes out. */

import type { Coverage } from '@arawn/core/coverage'
import type { Message } from '@arawn/core/message'
import type { Summary } from '@arawn/core/summary'
import type { ContextPolicy } from './context-policy.js'

/** Tokens of a text. Counting is part of the input, so the same input must always give the same count. */
export type CountText = (text: string) => number

/** A message with the tokens of its `countedText`. */
export type SizedMessage = Message & { readonly tokens: number }

/** A message that is already covered and is shown once more, because it may matter now. */
export interface Echo {
  readonly message: Message
  /** What to show instead of all of it. */
  readonly passage?: string | undefined
  readonly score: number
  /** What the score is the sum of, for those who ask. */
  readonly scores: Readonly<Record<string, number>>
}

export interface ContextBudget {
  /** Of the model: what is sent and what is answered fit into this together. */
  readonly windowTokens: number
  readonly maxOutputTokens: number
  /** Of the token counter: by what share a count may lie below the true one. */
  readonly errorShare: number
  /** Definitions of tools take room, too. 0 without tools. */
  readonly toolTokens: number
  /** The setting to change when nothing fits, such as `llm_profiles.local.context_tokens`. */
  readonly setting: string
}

export interface ContextInput {
  /** The system prompt, rendered. */
  readonly system: string
  readonly workstream: { readonly title: string | null }
  /** As `chooseSummaries` has chosen them: no two cover the same message. */
  readonly workstreamSummary?: Summary | undefined
  readonly sessionSummaries: readonly (Summary & { readonly session_id: string })[]
  /** All visible messages that these summaries do not cover, ascending by sequence, the new one included. */
  readonly messages: readonly SizedMessage[]
  /** Sessions that messages and summaries are of. Those that are missing begin with their first message. */
  readonly sessions: readonly { readonly id: string; readonly started_at: string }[]
  /** Best first. */
  readonly echoes: readonly Echo[]
  /** The last messages that summaries cover, newest first: some are shown although nothing speaks for them but their place. */
  readonly newest?: readonly Message[] | undefined
  /** Sequence of the new message: the user's. What follows it belongs to the same turn. */
  readonly turnStart: number
  /** Turns that did not end well, by `interaction_id`. */
  readonly brokenTurns?: ReadonlyMap<string, 'error' | 'cancelled' | 'interrupted'> | undefined
  readonly budget: ContextBudget
  readonly policy: ContextPolicy
  readonly count: CountText
}

export type ContextResult = FittingContext | UnfitContext

export interface FittingContext extends AssembledContext {
  readonly fits: true
}

/** Too much is raw. Summarize `compress`, and assemble again. */
export interface UnfitContext {
  readonly fits: false
  /** The oldest whole turns. Never the turn of the new message. */
  readonly compress: Coverage
  readonly neededTokens: number
  readonly budgetTokens: number
  readonly reason: string
}
