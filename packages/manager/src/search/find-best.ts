import type { SearchFilter, SearchHit, SearchMatches } from '@arawn/core/search'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { RankedMatch, RankedMatches } from '@arawn/engine/search-ranking'

export interface RankedHit extends SearchHit {
  readonly score: number
  readonly partial: boolean
}

/**
 * The best matches that pass a filter. Filters look up rows; for most searches those of a few matches are enough.
 *
 * @returns at most `limit`, and whether there are more
 */
export async function findBest(
  rows: IndexReader,
  ranked: RankedMatches,
  filter: SearchFilter,
  limit: number,
): Promise<{ hits: RankedHit[]; hasMore: boolean }> {
  for (let count = limit + SPARE; ; count *= 16) {
    const matches = ranked.best(count)
    const isAll = matches.length < count
    const scores = new Map(matches.map((match) => [keyOf(match), match]))
    const found = await rows.searchHits(byWorkstream(matches), filter)
    // Beyond the worst match there may be others that are as good, and better by what their author adds.
    const unseen = (matches.at(-1)?.score ?? 0) + ranked.mostByAuthor
    const hits = found
      .flatMap((hit): RankedHit[] => {
        const match = scores.get(keyOf(hit))
        if (match === undefined) return []
        const score = ranked.scoreWith(hit.author, match.score)
        return isAll || score > unseen ? [{ ...hit, score, partial: match.partial }] : []
      })
      .sort(byScore)
    if (isAll || hits.length > limit) return { hits: hits.slice(0, limit), hasMore: hits.length > limit }
  }
}

// A few are filtered out, or as good as the last one.
const SPARE = 30

function keyOf({ workstreamId, sequence }: Pick<RankedMatch, 'workstreamId' | 'sequence'>): string {
  return `${sequence}:${workstreamId}`
}

function byWorkstream(matches: readonly RankedMatch[]): SearchMatches[] {
  const sequences = new Map<string, number[]>()
  for (const { workstreamId, sequence } of matches) {
    const known = sequences.get(workstreamId)
    if (known === undefined) sequences.set(workstreamId, [sequence])
    else known.push(sequence)
  }
  return [...sequences].map(([workstreamId, ofOne]) => ({ workstreamId, sequences: ofOne }))
}

/** What was said last comes first among equals. */
function byScore(a: RankedHit, b: RankedHit): number {
  return (
    b.score - a.score ||
    b.saidMs - a.saidMs ||
    (a.workstreamId < b.workstreamId ? -1 : a.workstreamId > b.workstreamId ? 1 : b.sequence - a.sequence)
  )
}
