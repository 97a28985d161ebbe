import type { Specific, Summary } from '@arawn/core/summary'
import { mergeLedgers, takeLedger } from '../ledger.js'
import { renderWithLedger } from '../render-ledger.js'
import type { SourceMessage } from './scan-message.js'
import { addCounts, total } from './tally.js'
import { transcriptText } from './transcript-text.js'

/** A summary that goes into another one. */
export type SummaryInput = Pick<Summary, 'id' | 'summary' | 'ledger' | 'facts' | 'receipt'>

export type SummaryInputs =
  | { readonly kind: 'session'; readonly messages: readonly SourceMessage[] }
  /** What was said since the previous one, and it. */
  | {
      readonly kind: 'rolling'
      readonly messages: readonly SourceMessage[]
      readonly previous?: SummaryInput | undefined
    }
  /** Session summaries, oldest first, that the previous summary of the workstream does not hold yet. */
  | {
      readonly kind: 'workstream'
      readonly summaries: readonly SummaryInput[]
      readonly previous?: SummaryInput | undefined
    }

/** What a summary is made of, and what has to be found in it again. */
export interface SummaryMaterial {
  readonly summaries: readonly SummaryInput[]
  readonly messages: readonly SourceMessage[]
  /** Summaries and messages as a model reads them, in order. */
  readonly pieces: readonly string[]
  /** The same with the ledgers of the summaries: what the new summary takes the place of. */
  readonly replaced: readonly string[]
  /** The most telling first. */
  readonly ledger: readonly Specific[]
  readonly facts: readonly string[]
  /** Of the summaries, with those behind the previous one; undefined when nobody knows what is behind that. */
  readonly inputIds: readonly string[] | undefined
  /** What the summaries had lost already, by class. */
  readonly lostBefore: Readonly<Record<string, number>>
  readonly salientLostBefore: number
}

export function summaryMaterial(inputs: SummaryInputs): SummaryMaterial {
  const messages = inputs.kind === 'workstream' ? [] : inputs.messages
  const previous = inputs.kind === 'session' ? undefined : inputs.previous
  const sessions = inputs.kind === 'workstream' ? inputs.summaries : []
  const summaries = previous === undefined ? sessions : [previous, ...sessions]
  const receipts = summaries.map(({ receipt }) => receipt)
  // What somebody wrote by hand has no ledger: its words are looked through.
  const ledgers = summaries.map(
    ({ summary, ledger }) => ledger ?? takeLedger([{ sequence: 1, role: 'assistant', content: summary }]),
  )
  const behind = previous?.receipt?.inputs
  const ids = sessions.map(({ id }) => id)
  return {
    summaries,
    messages,
    pieces: [
      ...summaries.map(({ summary }, index) => `[${labelOf(inputs, index)}]\n${summary}`),
      ...messages.map((message) => transcriptText(message, MAX_MESSAGE_CHARS)),
    ],
    replaced: [
      ...summaries.map(({ summary }, index) => renderWithLedger(summary, ledgers[index] ?? [])),
      ...messages.map((message) => transcriptText(message, MAX_MESSAGE_CHARS)),
    ],
    ledger: mergeLedgers([...ledgers, takeLedger(messages)]),
    facts: mergeFacts(summaries.flatMap(({ facts = [] }) => facts)),
    inputIds: previous === undefined ? ids : behind === undefined ? undefined : [...behind, ...ids],
    lostBefore: receipts.reduce((lost, receipt) => addCounts(lost, receipt?.dropped ?? {}), {}),
    salientLostBefore: total(
      receipts.map((receipt) => Math.max(0, (receipt?.salient_of ?? 0) - (receipt?.salient_kept ?? 0))),
    ),
  }
}

function labelOf(inputs: SummaryInputs, index: number): string {
  if (inputs.kind === 'rolling') return 'summary so far'
  if (inputs.kind === 'workstream' && inputs.previous !== undefined && index === 0)
    return 'summary of all sessions before'
  return `summary ${index + 1}`
}

const MAX_MESSAGE_CHARS = 8_000

/** Each once; the latest ones, when there are too many. */
export function mergeFacts(facts: readonly string[]): string[] {
  return [...new Set(facts)].slice(-MAX_FACTS)
}

const MAX_FACTS = 100
