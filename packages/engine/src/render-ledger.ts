import type { Specific, SpecificClass } from '@arawn/core/summary'
import { createTextFinder } from './compression/text-finder.js'

/** Each class with its heading; long entries a line each, the others in a row. Every entry stands there letter by letter. */
export function renderLedger(ledger: readonly Specific[]): string {
  const lines: string[] = []
  for (const [kind, heading, between] of LEDGER_CLASSES) {
    const texts = ledger.filter((specific) => specific.class === kind).map(({ text }) => text)
    if (texts.length === 0) continue
    if (between === '\n') lines.push(`${heading}:`, ...texts.map((text) => `- ${text}`))
    else lines.push(`${heading}: ${texts.join(between)}`)
  }
  return lines.length === 0 ? '' : [LEDGER_HEADING, ...lines].join('\n')
}

export const LEDGER_HEADING = '## Specifics'

/** Each class, how it is headed, and what stands between its entries. */
export const LEDGER_CLASSES: readonly (readonly [SpecificClass, string, ' ' | ', ' | '\n'])[] = [
  ['decision', 'Decisions, word by word', '\n'],
  ['error', 'Errors', '\n'],
  ['command', 'Commands', '\n'],
  ['path', 'Paths', ' '],
  ['url', 'Addresses', ' '],
  ['name', 'Names', ', '],
  ['date', 'Dates', ', '],
  ['number', 'Numbers', ', '],
  ['identifier', 'Identifiers', ' '],
]

/** Words and ledger, as they are read together: what the words say already is not said again. */
export function renderWithLedger(summary: string, ledger: readonly Specific[]): string {
  const isSaid = createTextFinder(summary)
  return [summary.trim(), renderLedger(ledger.filter(({ text }) => !isSaid(text)))]
    .filter((part) => part !== '')
    .join('\n\n')
}
