import type { CompressionState, ExistingSummary, PlanOccasion, WorkstreamJob } from '../compression-plan.js'
import { coveredCount } from '../coverage.js'
import { checkCoverage, isWhole, joined, overlaps } from './coverage-check.js'
import { jobKey } from './job-key.js'

export interface PlannedWorkstream {
  readonly job?: WorkstreamJob | undefined
  /** Of a summary that must not be shown. */
  readonly staleId?: string | undefined
}

/**
 * Session summaries that the workstream's summary does not hold are added to it. When one that it holds is gone or was
 * made anew, it is made anew itself, of all of them.
 */
export function planWorkstream({ sessions, summary }: CompressionState, occasion: PlanOccasion): PlannedWorkstream {
  const ready = sessions.flatMap(({ status, visible, summary: own }) =>
    status !== 'active' && own !== undefined && visible.length > 0 && isWhole(own.coverage, visible) ? [own] : [],
  )
  const isValid = summary !== undefined && stillHolds(summary, ready, sessions)
  const staleId = summary !== undefined && !isValid ? summary.id : undefined
  const added = isValid ? ready.filter((one) => !overlaps(one.coverage, summary.coverage)) : ready
  const isDegraded = isValid && summary.receipt?.degraded === true
  // A copy of a stand-in gets better when that does.
  const isOwnFault = isDegraded && ready.length > 1
  if (ready.length === 0 || (added.length === 0 && !isOwnFault)) return { staleId }
  const previous = isValid && !isDegraded ? summary : undefined
  const coverage = joined(ready.map((one) => one.coverage).concat(previous === undefined ? [] : [previous.coverage]))
  const held = previous === undefined ? [] : (previous.receipt?.inputs ?? [previous.id])
  const summaries = previous === undefined ? ready : added
  return {
    job: {
      kind: 'workstream',
      key: jobKey('workstream', [...held, ...summaries.map(({ id }) => id)], occasion),
      coverage,
      ...(previous !== undefined && { previousId: previous.id }),
      summaryIds: summaries.map(({ id }) => id),
      reason: isManual(occasion) ? 'manual' : added.length === 0 ? 'degraded_retry' : reasonOf(occasion),
    },
    staleId,
  }
}

function stillHolds(
  { coverage, receipt }: ExistingSummary,
  ready: readonly ExistingSummary[],
  sessions: CompressionState['sessions'],
): boolean {
  if (checkCoverage(coverage, joined(sessions.map(({ visible }) => visible))).coversOthers) return false
  if (receipt?.inputs === undefined) {
    // Written by hand: it may cover what it likes, as long as no session is covered by halves.
    return sessions.every(({ visible, summary }) => {
      const { covered } = checkCoverage(coverage, visible)
      return covered === 0 || covered === coveredCount(visible) || !overlaps(summary?.coverage ?? [], coverage)
    })
  }
  const current = new Set(ready.map(({ id }) => id))
  const held = new Set(receipt.inputs)
  return (
    receipt.inputs.every((id) => current.has(id)) &&
    ready.every((one) => held.has(one.id) || !overlaps(one.coverage, coverage))
  )
}

function isManual({ why }: PlanOccasion): boolean {
  return why === 'manual'
}

function reasonOf({ why }: PlanOccasion): 'startup' | 'session_end' {
  return why === 'startup' ? 'startup' : 'session_end'
}
