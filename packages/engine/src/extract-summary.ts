/**
 * A summary made by code, without a model: sentences of the messages, word by word, under the headings that model
 * summaries have, and the ledger beside them. The same input gives the same summary.
 */

import type { Specific } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import { type Candidate, candidatesOf, candidatesOfSummaries } from './compression/candidate.js'
import { chooseSentences } from './compression/choose-sentences.js'
import { fitLedger, ledgerTokens } from './compression/fit-ledger.js'
import { renderSections } from './compression/sections.js'
import { isSalient, type SourceMessage } from './ledger.js'

export interface ExtractInput {
  /** Summaries of what was before, oldest first. */
  readonly summaries?: readonly string[] | undefined
  readonly messages: readonly SourceMessage[]
  /** Of all that goes in, the most telling first. */
  readonly ledger: readonly Specific[]
  /** For words and ledger together, as renderSummary writes them. */
  readonly maxTokens: number
  readonly counter: TokenCounter
}

export interface ExtractedSummary {
  readonly summary: string
  /** What found room. */
  readonly ledger: readonly Specific[]
}

/** Both parts are empty when not even one sentence fits. */
export async function extractSummary(input: ExtractInput): Promise<ExtractedSummary> {
  const { summaries = [], messages, ledger, counter } = input
  // A count may lie below the true one.
  const maxTokens = Math.floor(input.maxTokens * (1 - counter.errorShare))
  const candidates: Candidate[] = [...candidatesOfSummaries(summaries), ...candidatesOf(messages)]
  const forLedger = await ledgerTokens(ledger.filter(isSalient), counter)
  const forWords = Math.max(Math.floor(maxTokens * WORDS_SHARE), Math.min(maxTokens - forLedger, MAX_WORDS_TOKENS))
  const summary = renderSections(await chooseSentences(candidates, ledger, forWords, counter))
  return { summary, ledger: await fitLedger(ledger, summary, maxTokens, counter) }
}

/** Words get at least so much of the room, more when the ledger needs less. */
const WORDS_SHARE = 0.35
const MAX_WORDS_TOKENS = 4_000
