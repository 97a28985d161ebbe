/**
 * Makes one summary, by a model if there is one. Whatever the model does, there is a summary in the end: answers are
 * checked, a bad one is asked for once more, and after that sentences are taken by code.
 */

import type { LanguageModel } from '@arawn/core/language-model'
import type { Receipt, Specific, Summary } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { AnswerProblem } from './compression/answer-problem.js'
import type { Spending } from './compression/ask-model.js'
import { condense } from './compression/condense.js'
import { fitLedger } from './compression/fit-ledger.js'
import { type Made, openSummary, promptKinds } from './compression/open-summary.js'
import type { ReadAnswer } from './compression/read-answer.js'
import { mergeFacts, type SummaryInputs, type SummaryMaterial } from './compression/summary-material.js'
import { addCounts, countBy, total } from './compression/tally.js'
import type { ExtractedSummary } from './extract-summary.js'
import { isSalient } from './ledger.js'
import { renderWithLedger } from './render-ledger.js'
import { measureRetention } from './retention.js'
import { PROMPT_VERSION } from './summary-prompt.js'

export type { SummaryInput, SummaryInputs } from './compression/summary-material.js'

export interface SummarizeRequest {
  /** Null: nobody configured one, and code makes the summary. That is no failure. */
  readonly model: LanguageModel | null
  readonly inputs: SummaryInputs
  /** The job's, for the receipt. */
  readonly key: string
  /** For words and ledger together. */
  readonly maxTokens: number
  /** Of the salient specifics, the share that must be found; 0 to 1. */
  readonly retentionTarget: number
  /** Counts when there is no model. */
  readonly counter: TokenCounter
  readonly signal?: AbortSignal | undefined
}

export type SummarizeResult =
  | {
      readonly outcome: 'made'
      /** What a summary record has, but for its id and coverage. */
      readonly fields: Pick<Summary, 'summary' | 'ledger' | 'facts'> & { readonly receipt: Receipt }
      /** What the model threw, when that is why it is degraded. */
      readonly error?: unknown
    }
  /** It is so short that nothing shorter can stand for it. Trying again is of no use. */
  | { readonly outcome: 'not_smaller'; readonly coveredTokens: number }

/**
 * A model that fails, refuses or loses too much leads to an extracted summary, marked `degraded`.
 *
 * @throws only the reason of `signal`
 */
export async function summarizeWithModel(request: SummarizeRequest): Promise<SummarizeResult> {
  const { model, inputs, retentionTarget, signal } = request
  signal?.throwIfAborted()
  const opened = await openSummary(request)
  const { counter, material, coveredTokens } = opened
  const { pieces, ledger, facts } = material
  const spending: Spending = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const finish = (made: Made) => finished(made, request, material, spending, coveredTokens, counter)

  if ('copy' in opened) return finish(opened.copy)
  const { extracted, room, maxWordsTokens } = opened
  if (extracted.summary === '') return { outcome: 'not_smaller', coveredTokens }
  if (model === null) return finish({ ...extracted, how: { method: 'extractive', model: null }, facts })

  const salient = ledger.filter(isSalient)
  // A budget that holds half of the specifics cannot keep nine tenths of them, whoever writes.
  const target = Math.min(retentionTarget, shareKept(salient, extracted) * NEARLY)
  let candidate: ExtractedSummary = extracted
  const judge = async ({ summary }: ReadAnswer) => {
    candidate = { summary, ledger: await fitLedger(ledger, summary, room, counter) }
    return shareKept(salient, candidate) >= target ? undefined : missingFrom(candidate, salient)
  }
  const task = { model, kind: promptKinds[inputs.kind], pieces, maxTokens: maxWordsTokens, spending, signal, judge }
  const asked = `${model.profile}/${model.model}`
  let problems: readonly AnswerProblem[] = []
  let error: unknown
  try {
    const condensed = await condense(task)
    if ('answer' in condensed) {
      const how = { method: 'model', model: asked } as const
      return finish({ ...candidate, how, facts: mergeFacts([...facts, ...condensed.answer.facts]) })
    }
    problems = condensed.problems
  } catch (thrown) {
    signal?.throwIfAborted()
    error = thrown
  }
  const how = { method: 'extractive', model: asked, degraded: true, problems } as const
  return finish({ ...extracted, how, facts, error })
}

const NEARLY = 0.95

function shareKept(specifics: readonly Specific[], { summary, ledger }: ExtractedSummary): number {
  if (specifics.length === 0) return 1
  const { kept, of } = measureRetention(specifics, renderWithLedger(summary, ledger))
  return kept / of
}

function missingFrom({ summary, ledger }: ExtractedSummary, salient: readonly Specific[]) {
  const { dropped } = measureRetention(salient, renderWithLedger(summary, ledger))
  const missing = dropped.filter(({ text }) => text.length <= MAX_NAMED_CHARS).slice(0, MAX_NAMED)
  return { problem: 'retention', missing } as const
}

const MAX_NAMED = 30
const MAX_NAMED_CHARS = 120

async function finished(
  { summary, ledger, facts, how, error }: Made,
  { key, inputs }: SummarizeRequest,
  { ledger: wanted, lostBefore, salientLostBefore, inputIds }: SummaryMaterial,
  { calls, inputTokens, outputTokens, costUsd }: Spending,
  coveredTokens: number,
  counter: TokenCounter,
): Promise<SummarizeResult> {
  const rendered = renderWithLedger(summary, ledger)
  const [tokens = 0] = await counter.count([rendered])
  const { kept, of, salientKept, salientOf, dropped } = measureRetention(wanted, rendered)
  const { problems = [], ...made } = how
  const receipt: Receipt = {
    ...made,
    prompt_version: PROMPT_VERSION,
    key,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    covered_tokens: coveredTokens,
    summary_tokens: tokens,
    // What an earlier summary lost is lost here, too.
    kept,
    of: of + total(Object.values(lostBefore)),
    dropped: addCounts(
      countBy(dropped, (specific) => specific.class),
      lostBefore,
    ),
    salient_kept: salientKept,
    salient_of: salientOf + salientLostBefore,
    ...(inputs.kind === 'workstream' && inputIds !== undefined && { inputs: [...inputIds] }),
    ...(problems.length > 0 && { problems: [...problems] }),
    ...(calls > 0 && costUsd !== null && { cost_usd: costUsd }),
  }
  const fields = { summary, ledger: [...ledger], ...(facts.length > 0 && { facts: [...facts] }), receipt }
  return { outcome: 'made', fields, ...(error !== undefined && { error }) }
}
