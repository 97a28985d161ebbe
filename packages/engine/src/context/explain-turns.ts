import type { ContextPart, ContextPartName } from '@arawn/core/assembled-context'
import { coverageOf } from '../coverage.js'
import type { FittedTurn } from './fit-raw.js'

/** Turns as a part of the explanation; none, when there are none. */
export function explainTurns(name: ContextPartName, turns: readonly FittedTurn[], reason: string): ContextPart[] {
  if (turns.length === 0) return []
  return [
    {
      name,
      coverage: coverageOf(turns.flatMap(({ turn }) => turn.messages.map(({ sequence }) => sequence))),
      summaryIds: [],
      tokens: turns.reduce((sum, { rendered }) => sum + rendered.tokens, 0),
      reason,
      changes: turns.flatMap(({ rendered }) => rendered.changes),
    },
  ]
}
