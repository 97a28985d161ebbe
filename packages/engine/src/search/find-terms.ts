import type { WorkstreamId } from '@arawn/core/id'
import type { RecallShape } from '@arawn/core/recall'
import type { SearchExpression, SearchMatches } from '@arawn/core/search'
import type { SearchTerm } from '@arawn/core/text-analyzer'
import { commonAbove } from '../recall/common-above.js'

/** What is asked of an index: of one workstream, or of all. */
export interface SearchIndex {
  /** How many messages can be found, about. */
  size(): Promise<number>
  /** Which messages say what is asked for; of each workstream descending, in all at most `limit`. */
  matches(expression: SearchExpression, limit?: number): Promise<readonly SearchMatches[]>
  shapes(workstreamIds: readonly WorkstreamId[]): Promise<ReadonlyMap<WorkstreamId, RecallShape>>
}

/** A term, and all messages that say it. */
export interface FoundTerm {
  readonly term: SearchTerm
  readonly matches: readonly SearchMatches[]
}

/** Terms of very many messages are left out, unless there are no others. */
export async function findTerms(index: SearchIndex, terms: readonly SearchTerm[]): Promise<FoundTerm[]> {
  // One that is alone is not left out.
  const limit = terms.length === 1 ? Number.MAX_SAFE_INTEGER - 1 : commonAbove(await index.size())
  const found: FoundTerm[] = []
  const common: SearchTerm[] = []
  for (const term of terms) {
    const matches = await index.matches(saying(term), limit + 1)
    const count = matches.reduce((sum, { sequences }) => sum + sequences.length, 0)
    if (count > limit) common.push(term)
    else if (count > 0) found.push({ term, matches })
  }
  if (found.length === 0) for (const term of common) found.push({ term, matches: await index.matches(saying(term)) })
  return found
}

function saying(term: SearchTerm): SearchExpression {
  return { alternatives: [[term]], without: [], plain: false }
}
