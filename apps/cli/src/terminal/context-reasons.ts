import type { ContextChange } from '@arawn/core/assembled-context'
import type { ExplainedContext } from '@arawn/core/memory-operations'
import type { Colours } from './colours.js'
import { partName } from './context-bars.js'
import { printableLine } from './printable.js'

/** Why each part is there, and what of it is not sent as it was said. */
export function contextReasons({ parts, verbatimFrom }: ExplainedContext, colours: Colours): string {
  const blocks = parts.map((part) => {
    const made = part.summaryIds.length === 0 ? [] : [`from ${part.summaryIds.join(', ')}`]
    const lines = [part.reason, ...made, ...part.changes.map(changeLine)]
    return [colours.bold(partName(part)), ...lines.map((line) => `  ${printableLine(line)}`)].join('\n')
  })
  return [...blocks, colours.dim(`From message ${verbatimFrom} on, results of tools are whole.`)].join('\n')
}

function changeLine({ sequence, summaryId, change, why, tokensBefore, tokensAfter }: ContextChange): string {
  const what = sequence === undefined ? (summaryId ?? 'a part') : `message ${sequence}`
  return `${what} ${change}: ${why} (${tokensBefore.toLocaleString('en')} -> ${tokensAfter.toLocaleString('en')} tokens)`
}
