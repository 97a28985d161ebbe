import type { ContextPart } from '@arawn/core/assembled-context'
import type { ExplainedContext } from '@arawn/core/memory-operations'
import type { Colours } from './colours.js'
import { coverageSize, coverageText } from './coverage-text.js'
import { fit } from './fit.js'

const NAMES: Readonly<Record<ContextPart['name'], string>> = {
  system: 'instructions',
  tools: 'tools',
  workstream_summary: 'workstream summary',
  session_summary: 'session summary',
  older: 'older messages',
  recent: 'recent messages',
  echoes: 'echoes',
  turn: 'this turn',
}
const BAR_COLUMNS = 20

export function partName({ name }: ContextPart): string {
  return NAMES[name]
}

/** What a model is sent, a bar for each part: of windows of today it is often a thousandth, so bars are shares of what is sent. */
export function contextBars(context: ExplainedContext, colours: Colours, columns: number | undefined): string {
  const { parts, tokens, budgetTokens, windowTokens, model } = context
  const lines = parts.map((part) => {
    const share = part.tokens / Math.max(1, tokens)
    const messages =
      part.coverage.length === 0
        ? ''
        : `${coverageSize(part.coverage) === 1 ? 'message' : 'messages'} ${coverageText(part.coverage)}`
    const start = `${partName(part).padEnd(19)}${bar(share)}${count(part.tokens).padStart(10)}${percent(share).padStart(8)}`
    return fit(`${start}  ${messages}`.trimEnd(), columns ?? Number.POSITIVE_INFINITY)
  })
  const used = tokens / Math.max(1, budgetTokens)
  const sum = `${'sent'.padEnd(19)}${bar(used)}${count(tokens).padStart(10)}${percent(used).padStart(8)}`
  return [
    ...lines,
    colours.bold(`${sum}  of ${count(budgetTokens)} tokens that fit`),
    colours.dim(`${model}, a window of ${count(windowTokens)} tokens with the answer`),
  ].join('\n')
}

function bar(share: number): string {
  const filled = Math.min(BAR_COLUMNS, Math.round(share * BAR_COLUMNS))
  return '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function count(tokens: number): string {
  return tokens.toLocaleString('en')
}
