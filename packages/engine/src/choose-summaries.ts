import type { Coverage } from '@arawn/core/coverage'
import type { Summary } from '@arawn/core/summary'
import { intersection, subtraction } from './context/interval-sets.js'
import { coveredCount } from './coverage.js'

/** What has to be known of a summary to choose it; one without words is not chosen. */
export type SummaryCandidate = Pick<Summary, 'coverage'> & { readonly summary?: string | undefined }

export interface SummaryCandidates<Whole extends SummaryCandidate, SessionSummary extends SummaryCandidate> {
  /** In the order of the log. */
  readonly workstream: readonly Whole[]
  readonly sessions: readonly SessionSummary[]
}

export interface ChosenSummaries<Whole extends SummaryCandidate, SessionSummary extends SummaryCandidate> {
  readonly workstreamSummary: Whole | undefined
  /** By what they cover, oldest first. */
  readonly sessionSummaries: readonly SessionSummary[]
  /** Visible sequences that none of them covers: these messages have to be given raw. */
  readonly raw: Coverage
}

/**
 * Chooses the summaries of a context so that each visible message is covered once or is raw.
 *
 * The newest workstream summary comes first. Then session summaries, those that cover most first and the newer of
 * equals, as long as they overlap with nothing chosen before. Lines written by hand, or by two processes, may overlap
 * in any way; what is passed over costs room, never a message.
 *
 * @param visible sequences of all visible messages
 * @param hidden sequences of messages that were moved away: a summary that tells of them is not used
 */
export function chooseSummaries<Whole extends SummaryCandidate, SessionSummary extends SummaryCandidate>(
  { workstream, sessions }: SummaryCandidates<Whole, SessionSummary>,
  visible: Coverage,
  hidden: Coverage = [],
): ChosenSummaries<Whole, SessionSummary> {
  const usable = <Kind extends SummaryCandidate>(summaries: readonly Kind[]) =>
    summaries
      .map((summary, place) => ({ summary, place, stretch: intersection(summary.coverage, visible) }))
      .filter(({ summary, stretch }) => {
        if (stretch.length === 0 || summary.summary?.trim() === '') return false
        return intersection(summary.coverage, hidden).length === 0
      })

  const reduced = usable(workstream).at(-1)
  let raw = reduced === undefined ? visible : subtraction(visible, reduced.stretch)
  const candidates = usable(sessions).sort(
    (a, b) => coveredCount(b.stretch) - coveredCount(a.stretch) || b.place - a.place,
  )
  const chosen: typeof candidates = []
  for (const candidate of candidates) {
    if (subtraction(candidate.stretch, raw).length > 0) continue
    raw = subtraction(raw, candidate.stretch)
    chosen.push(candidate)
  }
  chosen.sort((a, b) => firstOf(a.stretch) - firstOf(b.stretch))
  return { workstreamSummary: reduced?.summary, sessionSummaries: chosen.map(({ summary }) => summary), raw }
}

function firstOf(coverage: Coverage): number {
  return coverage[0]?.[0] ?? 0
}
