import type { Coverage } from '@arawn/core/coverage'
import type { Summary } from '@arawn/core/summary'
import { counted } from './counted.js'
import { coverageSize, coverageText } from './coverage-text.js'
import { dollars } from './dollars.js'
import { printableLine } from './printable.js'

/** What a summary is of. */
export interface SummaryPlace {
  readonly kind: 'session' | 'rolling' | 'workstream'
  readonly session_id: string | null
  readonly coverage: Coverage
  /** Why it is made; summaries that are read do not say. */
  readonly reason?: string | undefined
}

/** `session ses_…  12 messages (1-12)  session_end` */
export function stepLine({ kind, session_id, coverage, reason }: SummaryPlace): string {
  const size =
    coverage.length === 0 ? [] : [`${counted(coverageSize(coverage), 'message')} (${coverageText(coverage)})`]
  const parts = [
    session_id === null ? kind : `${kind} ${session_id}`,
    ...size,
    ...(reason === undefined ? [] : [reason]),
  ]
  return printableLine(parts.join(', '))
}

/** The same, with what became of the messages: tokens before and after, specifics that are kept, who wrote it, and for how much. */
export function receiptLine(place: SummaryPlace, { receipt }: Pick<Summary, 'receipt'>): string {
  if (receipt === undefined) return `${stepLine(place)}, without a receipt`
  const { covered_tokens, summary_tokens, kept, of, method, model, degraded } = receipt
  const { problems = [], cost_usd, batch_id } = receipt
  const size =
    covered_tokens === undefined || summary_tokens === undefined
      ? []
      : [`${covered_tokens.toLocaleString('en')} -> ${summary_tokens.toLocaleString('en')} tokens`]
  const by = method === 'model' ? (model ?? 'a model') : 'by code'
  const through = batch_id === undefined ? '' : ` in batch ${batch_id}`
  const why = problems.length === 0 ? '' : ` (${problems.join(', ')})`
  const standIn = degraded === true ? [`a stand-in${why}`] : []
  const cost = cost_usd === undefined ? [] : [dollars(cost_usd)]
  const parts = [stepLine(place), ...size, `keeps ${kept} of ${of}`, `${by}${through}`, ...cost, ...standIn]
  return printableLine(parts.join(', '))
}
