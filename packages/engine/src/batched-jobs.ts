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

/**
 * Keys of work that a batch brought nothing for, or that no provider had time for again and again: it is done directly, not
 * handed over once more.
 */
export function keysToDoDirectly(
  batches: readonly CompressionBatch[],
  { maxAttempts }: Pick<CompressionPolicy, 'maxAttempts'>,
): ReadonlySet<string> {
  const keysOf = (...outcomes: readonly CompressionBatch['outcome'][]) =>
    batches.filter(({ outcome }) => outcomes.includes(outcome)).flatMap(({ keys }) => keys)
  const busy = new Map<string, number>()
  for (const key of keysOf('busy')) busy.set(key, (busy.get(key) ?? 0) + 1)
  const tooOften = [...busy].filter(([, times]) => times >= maxAttempts).map(([key]) => key)
  return new Set([...keysOf('expired', 'gone', 'failed'), ...tooOften])
}
