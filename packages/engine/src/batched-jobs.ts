import type { CompressionBatch } from '@arawn/core/workstream-index'
import { isOpen } from './batch-decisions.js'
import {
  type CompressionPolicy,
  type CompressionState,
  type PlanOccasion,
  planCompression,
  type SessionJob,
} from './compression-plan.js'

/** Hash and version of the prompt are those of the plan. */
type Naming = Pick<PlanOccasion, 'promptVersion' | 'hash'>

/**
 * What of a batch is still to be done. It is planned for the model that was asked, whichever the settings name today: its
 * answers are as good.
 */
export function jobsOfBatch(
  { model, keys }: Pick<CompressionBatch, 'model' | 'keys'>,
  state: CompressionState,
  policy: CompressionPolicy,
  naming: Naming,
): SessionJob[] {
  const asked = new Set(keys)
  const { jobs } = planCompression(state, policy, { ...naming, why: 'startup', model })
  return jobs.filter((job): job is SessionJob => job.kind === 'session' && asked.has(job.key))
}

/** Sessions that open batches are to answer for: nobody does their work meanwhile. */
export function sessionsInBatches(
  batches: readonly CompressionBatch[],
  state: CompressionState,
  policy: CompressionPolicy,
  naming: Naming,
): ReadonlySet<string> {
  const open = batches.filter(isOpen)
  return new Set(open.flatMap((batch) => jobsOfBatch(batch, state, policy, naming)).map(({ sessionId }) => sessionId))
}

/** Keys of work that a batch brought nothing for: it is done directly, not handed over again. */
export function keysToDoDirectly(batches: readonly CompressionBatch[]): ReadonlySet<string> {
  const without = batches.filter(({ outcome }) => outcome === 'expired' || outcome === 'gone' || outcome === 'failed')
  return new Set(without.flatMap(({ keys }) => keys))
}
