import type { WorkstreamId } from '@arawn/core/id'
import type { Summary } from '@arawn/core/summary'
import type { CompressionJob } from '@arawn/engine/compression-plan'
import { decideAttempt, decideSummary } from '@arawn/engine/summary-decisions'
import type { DecisionScene } from '../commit/commit-request.js'
import type { Desk } from '../operations/desk.js'

/** Writes a summary, unless the workstream is gone or read-only, somebody else was faster, or what it covers has moved. */
export function keepSummary(
  { queue }: Pick<Desk, 'queue'>,
  workstreamId: WorkstreamId,
  job: CompressionJob,
  fields: Pick<Summary, 'summary' | 'ledger' | 'facts' | 'receipt'>,
): Promise<Summary | undefined> {
  return queue.commit({
    workstreamId,
    decide: async (scene) => {
      if (!(await isWanted(scene, job, fields.receipt?.degraded === true)))
        return { records: [], answer: () => undefined }
      const { record, summary } = decideSummary(job, fields, scene.context)
      return { records: [record], answer: () => summary }
    },
  })
}

/** Remembers that a job gave nothing worth keeping. */
export function keepAttempt(
  { queue }: Pick<Desk, 'queue'>,
  workstreamId: WorkstreamId,
  { key }: CompressionJob,
  outcome: 'degraded' | 'failed' | 'not_smaller',
  error?: unknown,
): Promise<void> {
  return queue.commit({
    workstreamId,
    decide: async ({ standing, context }) => {
      const { workstream } = await standing()
      const canWrite = workstream !== undefined && workstream.state !== 'archived'
      return { records: canWrite ? [decideAttempt({ key, outcome, error }, context)] : [], answer: () => {} }
    },
  })
}

async function isWanted(
  { standing, rows, workstreamId }: DecisionScene,
  job: CompressionJob,
  isDegraded: boolean,
): Promise<boolean> {
  const { workstream } = await standing()
  if (workstream === undefined || workstream.state === 'archived') return false
  const reader = await rows()
  // Only a better one takes the place of what stands in for it.
  const same = await reader.summaryByKey(workstreamId, job.key)
  if (same !== undefined && (same.receipt?.degraded !== true || isDegraded)) return false
  const promotions = await reader.promotionsOf(workstreamId)
  const moved = promotions.filter((promotion) => promotion.completed && promotion.workstream_id === workstreamId)
  return !moved.some(({ coverage }) =>
    coverage.some(([first, last]) => job.coverage.some(([from, to]) => first <= to && from <= last)),
  )
}
