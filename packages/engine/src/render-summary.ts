import type { Specific, SpecificClass, Summary } from '@arawn/core/summary'
import { cutMiddle } from './context/cut-text.js'
import { unlabelled } from './context/labels.js'
import type { CountText } from './context.js'
import { defaultContextPolicy } from './context-policy.js'

export interface RenderedSummary {
  readonly text: string
  readonly tokens: number
  /** What it would take without a limit. */
  readonly wantedTokens: number
  /** Of the ledger. */
  readonly shown: readonly Specific[]
  readonly leftOut: readonly Specific[]
  readonly isTextCut: boolean
}

/**
 * A summary as a model sees it: its words, its facts, and of its ledger the specifics that fit, by class. Decisions,
 * errors and what was mentioned often come first when room is short; what is rendered is what counts as kept.
 *
 * @param budgetTokens for all of it; Infinity for no limit
 * @param ledgerShare of the budget that the text leaves to the ledger
 */
export function renderSummary(
  summary: Summary,
  budgetTokens: number,
  count: CountText,
  ledgerShare: number = defaultContextPolicy.ledgerShare,
): RenderedSummary {
  const facts = summary.facts?.map((fact) => `- ${fact}`) ?? []
  const whole = unlabelled([summary.summary.trim(), ...(facts.length > 0 ? ['Facts:', ...facts] : [])].join('\n'))
  const wholeTokens = count(whole)
  const entries = bestFirst(summary.ledger ?? []).map((specific) => ({ specific, tokens: count(entryLine(specific)) }))
  const headingTokens = count(`${HEADINGS.identifier}:\n`)
  const classes = new Set(entries.map(({ specific }) => specific.class)).size
  const wantedLedger = entries.reduce((sum, { tokens }) => sum + tokens, classes * headingTokens)

  const kept = Math.min(wantedLedger, Math.floor(budgetTokens * ledgerShare))
  const textRoom = budgetTokens - kept
  const isTextCut = wholeTokens > textRoom
  const text = isTextCut ? cutMiddle(whole, wholeTokens, textRoom, count) : whole
  let tokens = isTextCut ? count(text) : wholeTokens

  const shown = new Set<Specific>()
  const headed = new Set<SpecificClass>()
  for (const { specific, tokens: entryTokens } of entries) {
    const needed = entryTokens + (headed.has(specific.class) ? 0 : headingTokens)
    if (tokens + needed > budgetTokens) continue
    tokens += needed
    shown.add(specific)
    headed.add(specific.class)
  }
  const ledger = CLASSES.filter((name) => headed.has(name)).map((name) => {
    const lines = [...shown].filter((specific) => specific.class === name).sort((a, b) => a.sequence - b.sequence)
    return `${HEADINGS[name]}:\n${lines.map(entryLine).join('')}`
  })
  return {
    text: [text, ...ledger.map((lines) => lines.trimEnd())].join('\n'),
    tokens,
    wantedTokens: wholeTokens + wantedLedger,
    shown: entries.filter(({ specific }) => shown.has(specific)).map(({ specific }) => specific),
    leftOut: entries.filter(({ specific }) => !shown.has(specific)).map(({ specific }) => specific),
    isTextCut,
  }
}

function entryLine({ text }: Specific): string {
  return `- ${text.toWellFormed()}\n`
}

function bestFirst(ledger: readonly Specific[]): Specific[] {
  const rank = ({ class: name }: Specific) => (name === 'decision' ? 0 : name === 'error' ? 1 : 2)
  return [...ledger].sort((a, b) => rank(a) - rank(b) || b.mentions - a.mentions || b.sequence - a.sequence)
}

const HEADINGS: Record<SpecificClass, string> = {
  decision: 'Decisions',
  error: 'Errors',
  path: 'Paths',
  command: 'Commands',
  url: 'URLs',
  identifier: 'Identifiers',
  number: 'Numbers',
  date: 'Dates',
  name: 'Names',
}
const CLASSES = Object.keys(HEADINGS) as SpecificClass[]
