/** What is known of a summary before any model is asked for it. */

import type { LanguageModel } from '@arawn/core/language-model'
import type { Receipt } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import { type ExtractedSummary, extractSummary } from '../extract-summary.js'
import { renderWithLedger } from '../render-ledger.js'
import { type SummaryInputs, type SummaryMaterial, summaryMaterial } from './summary-material.js'
import { total } from './tally.js'

export interface SummaryToOpen {
  readonly model: LanguageModel | null
  readonly inputs: SummaryInputs
  /** For words and ledger together. */
  readonly maxTokens: number
  /** Counts when there is no model. */
  readonly counter: TokenCounter
}

/** A summary, and how it was made. */
export interface Made extends ExtractedSummary {
  readonly how: Pick<Receipt, 'method' | 'model' | 'degraded'> & { readonly problems?: readonly string[] }
  readonly facts: readonly string[]
  readonly error?: unknown
}

interface AnyOpened {
  readonly counter: TokenCounter
  readonly material: SummaryMaterial
  readonly coveredTokens: number
}

export type OpenedSummary =
  | (AnyOpened & { readonly copy: Made })
  | (AnyOpened & {
      /** What code makes; empty when nothing shorter can stand for it. */
      readonly extracted: ExtractedSummary
      /** For words and ledger together, less what the counter may be wrong by. */
      readonly room: number
      /** For the words of a model. */
      readonly maxWordsTokens: number
    })

export const promptKinds = { session: 'map', rolling: 'rolling', workstream: 'reduce' } as const

export async function openSummary({ model, inputs, ...request }: SummaryToOpen): Promise<OpenedSummary> {
  const counter = model?.counter ?? request.counter
  const material = summaryMaterial(inputs)
  const { messages, replaced, ledger } = material
  const coveredTokens = total(await counter.count(replaced))
  const copy = await copyOfOnly(inputs, material, request.maxTokens, counter)
  if (copy !== undefined) return { counter, material, coveredTokens, copy }

  // Summaries that fit together as they are need not become shorter still.
  const isReduce = inputs.kind === 'workstream'
  const maxTokens = isReduce ? request.maxTokens : Math.min(request.maxTokens, Math.floor(coveredTokens * MAX_SHARE))
  const summaries = material.summaries.map(({ summary }) => summary)
  const extracted = await extractSummary({ summaries, messages, ledger, maxTokens, counter })
  const room = Math.floor(maxTokens * (1 - counter.errorShare))
  const maxWordsTokens = Math.min(room, Math.max(MIN_WORDS_TOKENS, Math.floor(room * WORDS_SHARE)))
  return { counter, material, coveredTokens, extracted, room, maxWordsTokens }
}

/** A summary that is not much smaller than what it covers is not worth reading instead. */
const MAX_SHARE = 0.6
/** Of the room, what a model may fill with words; the ledger gets what is left. */
const WORDS_SHARE = 0.5
const MIN_WORDS_TOKENS = 60

/** The summary of a single session is the summary of its workstream, too: nothing has to be asked for. */
async function copyOfOnly(
  inputs: SummaryInputs,
  { summaries }: SummaryMaterial,
  maxTokens: number,
  counter: TokenCounter,
): Promise<Made | undefined> {
  const [only] = summaries
  if (inputs.kind !== 'workstream' || summaries.length !== 1 || only === undefined) return undefined
  const { summary, ledger = [], facts = [], receipt } = only
  const [tokens = 0] = await counter.count([renderWithLedger(summary, ledger)])
  if (tokens > maxTokens || summary.trim() === '') return undefined
  const { method = 'model', model = null, degraded } = receipt ?? {}
  return { summary, ledger, facts, how: { method, model, ...(degraded && { degraded }) } }
}
