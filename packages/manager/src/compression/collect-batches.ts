import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { CollectedBatch } from '@arawn/core/model-batches'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { CompressionBatch } from '@arawn/core/workstream-index'
import { type AnsweredModel, createAnsweredModel } from '@arawn/engine/answered-model'
import { type BatchOutcome, isOpen } from '@arawn/engine/batch-decisions'
import type { CompressionJob } from '@arawn/engine/compression-plan'
import type { Desk } from '../operations/desk.js'
import type { BatchMemory } from './batch-memory.js'
import { noteTaken } from './hand-over.js'
import { isStopped } from './is-stopped.js'
import { keepCollected } from './keep-batch.js'

export interface CollectParts {
  readonly models: LanguageModels
  readonly owners: TurnOwners
  readonly logger: Logger
  readonly hash: (text: string) => string
}

export interface CollectSteps {
  /** What of it is still to be done. */
  jobsOf(batch: CompressionBatch): Promise<readonly CompressionJob[]>
  /** Does one job with a model that has the answers. */
  work(job: CompressionJob, answered: AnsweredModel, batchId: string): Promise<void>
  /** Of the settings: one of this name need not be opened. */
  readonly model: LanguageModel | null
  readonly signal: AbortSignal | undefined
}

/** Does what has been answered, and ends batches of which nothing more comes. One that cannot be asked now stays. */
export type CollectBatches = (workstreamId: WorkstreamId, steps: CollectSteps) => Promise<void>

// Providers promise a day; an hour more for clocks that differ.
const LONGEST_MS = 25 * 3_600_000

export function createCollectBatches(desk: Desk, parts: CollectParts, { pace, taken }: BatchMemory): CollectBatches {
  const { index, clock, ask } = desk
  const { models, owners, logger, hash } = parts

  async function collect(batch: CompressionBatch, { jobsOf, work, model, signal }: CollectSteps): Promise<void> {
    const { batch_id: batchId } = batch
    if (batchId === null) return endOrNote(batch)
    const jobs = await jobsOf(batch)
    if (jobs.length === 0) return end(batch, (await hasAnswered(batch)) ? 'ended' : 'unwanted')
    const found = await look(batch, batchId, model, signal)
    if (isStopped(signal)) return
    if (found?.collected.state === 'gone') return end(batch, 'gone')
    if (found?.collected.state !== 'ended') return isPast(batch) ? end(batch, 'expired') : pace.wait(batch)
    for (const job of jobs) {
      await work(job, createAnsweredModel(found.model, found.collected.answers, hash), batchId)
      // What is not done is done by whoever looks next: the answers stay where they are.
      if (isStopped(signal)) return
    }
    await end(batch, 'ended')
  }

  /** Of a claim without a batch. Those of a workstream take turns, so one of our own was left behind by an error. */
  async function endOrNote(claim: CompressionBatch): Promise<void> {
    const { workstream_id: workstreamId, id, owner } = claim
    if (taken.has(id)) await noteTaken(desk, taken, workstreamId, id)
    else if (isPast(claim) || owner === (await owners.own()) || !(await owners.isAlive(owner)))
      return end(claim, 'lost')
    pace.wait(claim)
  }

  /** @returns undefined when the provider cannot be asked now */
  async function look(
    { workstream_id: workstreamId, id, model: name }: CompressionBatch,
    batchId: string,
    own: LanguageModel | null,
    signal: AbortSignal | undefined,
  ): Promise<{ model: LanguageModel; collected: CollectedBatch } | undefined> {
    try {
      const isOwn = own !== null && `${own.profile}/${own.model}` === name
      const model = isOwn ? own : await models.open(name)
      if (model.batches === undefined) return { model, collected: { state: 'gone' } }
      return { model, collected: await model.batches.collect(batchId, signal) }
    } catch (error) {
      const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
      if (!isStopped(signal)) logger.warn('a batch could not be looked at', { workstreamId, id, code })
      return undefined
    }
  }

  async function end(batch: CompressionBatch, outcome: BatchOutcome): Promise<void> {
    await keepCollected(desk, batch, outcome)
    pace.forget(batch)
    logger.info('a batch is over', { workstreamId: batch.workstream_id, id: batch.id, outcome })
  }

  function isPast({ claimed_at, expires_at }: CompressionBatch): boolean {
    return clock.nowMs() > (expires_at === null ? Date.parse(claimed_at) + LONGEST_MS : Date.parse(expires_at))
  }

  async function hasAnswered({ workstream_id: workstreamId, keys, batch_id }: CompressionBatch): Promise<boolean> {
    for (const key of keys) {
      const summary = await ask(() => index.summaryByKey(workstreamId, key))
      if (summary?.receipt?.batch_id === batch_id) return true
    }
    return false
  }

  return async (workstreamId, steps) => {
    const batches = await ask(() => index.compressionBatches(workstreamId))
    for (const batch of batches.filter(isOpen))
      if (!isStopped(steps.signal) && pace.isDue(batch)) await collect(batch, steps)
  }
}
