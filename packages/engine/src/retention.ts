/** Measures what became of the specifics: which of them stand in a summary, as it is rendered into a context. */

import type { Specific, SpecificClass } from '@arawn/core/summary'
import { createTextFinder } from './compression/text-finder.js'
import { isSalient } from './ledger.js'

export interface Retention {
  readonly kept: number
  readonly of: number
  /** The same for those that recur, or stand in a decision or in an error. */
  readonly salientKept: number
  readonly salientOf: number
  readonly byClass: Readonly<Partial<Record<SpecificClass, { readonly kept: number; readonly of: number }>>>
  /** Those that are not there, in the order given. */
  readonly dropped: readonly Specific[]
}

/**
 * A specific is kept when all of it stands in the text, blanks aside, and not as a part of a longer word, number or
 * name: `12 tests` is not in `112 tests`, nor `src/a` in `src/a.ts`. Nothing similar counts.
 *
 * @param renderedText words and ledger of the summary, as a model will read them
 */
export function measureRetention(specifics: readonly Specific[], renderedText: string): Retention {
  const has = createTextFinder(renderedText)
  const byClass: Partial<Record<SpecificClass, { kept: number; of: number }>> = {}
  const dropped: Specific[] = []
  let salientKept = 0
  let salientOf = 0
  for (const specific of specifics) {
    byClass[specific.class] ??= { kept: 0, of: 0 }
    const counts = byClass[specific.class] ?? { kept: 0, of: 0 }
    const isKept = has(specific.text)
    const salient = isSalient(specific)
    counts.of++
    if (salient) salientOf++
    if (isKept) counts.kept++
    if (isKept && salient) salientKept++
    if (!isKept) dropped.push(specific)
  }
  return { kept: specifics.length - dropped.length, of: specifics.length, salientKept, salientOf, byClass, dropped }
}
