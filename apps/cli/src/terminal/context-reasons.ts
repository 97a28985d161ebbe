import type { ContextChange, RecalledScore } from '@arawn/core/assembled-context'
import type { ExplainedContext } from '@arawn/core/memory-operations'
import type { Colours } from './colours.js'
import { partName } from './context-bars.js'
import { printableLine } from './printable.js'

/** Why each part is there, and what of it is not sent as it was said. */
export function contextReasons({ parts, verbatimFrom }: ExplainedContext, colours: Colours): string {
  const blocks = parts.map((part) => {
    const made = part.summaryIds.length === 0 ? [] : [`from ${part.summaryIds.join(', ')}`]
    const recalled = (part.recalled ?? []).slice(0, MOST_RECALLED).map(recalledLine)
    const lines = [part.reason, ...made, ...recalled, ...part.changes.map(changeLine)]
    return [colours.bold(partName(part)), ...lines.map((line) => `  ${printableLine(line)}`)].join('\n')
  })
  return [...blocks, colours.dim(`From message ${verbatimFrom} on, results of tools are whole.`)].join('\n')
}

// The best; all of them are in --json.
const MOST_RECALLED = 10

function recalledLine({ sequence, score, scores }: RecalledScore): string {
  const parts = Object.entries(scores).map(([name, part]) => `${name} ${part.toFixed(2)}`)
  return `message ${sequence} recalled: ${score.toFixed(2)} (${parts.join(', ')})`
}

function changeLine({ sequence, summaryId, change, why, tokensBefore, tokensAfter }: ContextChange): string {
  const what = sequence === undefined ? (summaryId ?? 'a part') : `message ${sequence}`
  return `${what} ${change}: ${why} (${tokensBefore.toLocaleString('en')} -> ${tokensAfter.toLocaleString('en')} tokens)`
}
