import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel } from '@arawn/core/language-model'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { Summary } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { IndexedSummary, IndexReader } from '@arawn/core/workstream-index'
import type { CompressionJob } from '@arawn/engine/compression-plan'
import { type SummarizeResult, type SummaryInputs, summarizeWithModel } from '@arawn/engine/summarize-with-model'
import { PROMPT_VERSION } from '@arawn/engine/summary-prompt'
import { readMessages } from '../reading/read-messages.js'
import type { CompressionSettings } from './compression-settings.js'

export interface SummaryMaker {
  readonly model: LanguageModel | null
  /** Counts where there is no model. */
  readonly counter: TokenCounter
  readonly settings: Pick<CompressionSettings, 'maxSummaryTokens' | 'retentionTarget'>
  /** A summary is needed at once, whether it is worth it or not; one that is better follows. */
  readonly isStandIn: boolean
  readonly signal?: AbortSignal | undefined
}

type Made = Extract<SummarizeResult, { outcome: 'made' }>['fields']

/** Reads what a job covers and summarizes it. @returns undefined when nothing shorter can stand for it */
export async function makeSummary(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  job: CompressionJob,
  { model, counter, settings, isStandIn, signal }: SummaryMaker,
): Promise<{ fields: Made; error?: unknown } | undefined> {
  const inputs = await inputsOf({ rows, log }, workstreamId, job)
  const { maxSummaryTokens: maxTokens, retentionTarget } = settings
  const result = await summarizeWithModel({ model, inputs, key: job.key, maxTokens, retentionTarget, counter, signal })
  if (result.outcome === 'made') return result
  return isStandIn ? { fields: asItIs(inputs, job.key) } : undefined
}

export async function inputsOf(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  job: CompressionJob,
): Promise<SummaryInputs> {
  const needed = job.kind === 'workstream' || job.previousId !== undefined
  const all = needed ? await rows.summaries(workstreamId) : []
  const summaries = new Map(all.map((summary) => [summary.id, summary]))
  const find = (id: string): IndexedSummary => {
    const found = summaries.get(id)
    if (found !== undefined) return found
    throw new WorkstreamError('INTERNAL', `the summary ${id} is gone`, { problem: 'summary gone' })
  }
  const previous = job.previousId === undefined ? undefined : find(job.previousId)
  if (job.kind === 'workstream') return { kind: job.kind, summaries: job.summaryIds.map(find), previous }
  const messages: Message[] = []
  for (const [first, last] of job.read)
    for (let after = first - 1; after < last; ) {
      const { items } = await rows.messages({ workstreamId, after, limit: Math.min(PAGE, last - after) })
      const within = items.filter(({ sequence }) => sequence <= last)
      messages.push(...(await readMessages(log, workstreamId, within)))
      after = items.at(-1)?.sequence ?? last
    }
  return job.kind === 'rolling' ? { kind: 'rolling', messages, previous } : { kind: 'session', messages }
}

// Messages read at once.
const PAGE = 500

const MAX_CHARACTERS = 400

/** A few words for which nothing shorter can stand. Many such summaries become short together. */
function asItIs(inputs: SummaryInputs, key: string): Made {
  const texts =
    inputs.kind === 'workstream'
      ? inputs.summaries.map(({ summary }) => summary)
      : inputs.messages.map(({ role, content }) => `${role}: ${content}`)
  const before = inputs.kind === 'session' ? [] : [inputs.previous?.summary ?? '']
  const summary: Summary['summary'] = [...before, ...texts]
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, MAX_CHARACTERS)
    .toWellFormed()
  const nothing = { input_tokens: 0, output_tokens: 0, kept: 0, of: 0, dropped: {} }
  return {
    summary: summary.trim() === '' ? '(nothing was said in words)' : summary,
    ledger: [],
    receipt: { method: 'extractive', model: null, prompt_version: PROMPT_VERSION, key, ...nothing },
  }
}
