import { timestampOf } from '@arawn/core/clock'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { BatchRequest, ModelBatches } from '@arawn/core/model-batches'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { CompressionJob, SessionJob } from '@arawn/engine/compression-plan'
import type { Desk } from '../operations/desk.js'
import type { BatchMemory } from './batch-memory.js'
import { renderBatches } from './batch-requests.js'
import type { CompressionSettings } from './compression-settings.js'
import { withGrace } from './grace.js'
import { isStopped } from './is-stopped.js'
import { keepClaim, keepCollected, keepSubmitted } from './keep-batch.js'

export interface HandOverParts {
  readonly settings: Pick<CompressionSettings, 'maxSummaryTokens' | 'batch'>
  readonly owners: TurnOwners
  readonly counter: TokenCounter
  readonly logger: Logger
  readonly hash: (text: string) => string
}

/**
 * Hands to the provider what can be answered later: sessions that ended. One that goes on would have gone on by then.
 *
 * @param direct keys of work that is not handed over again
 * @returns the jobs that are to be done now
 */
export type HandOver = (
  workstreamId: WorkstreamId,
  jobs: readonly CompressionJob[],
  how: {
    readonly model: LanguageModel | null
    readonly direct: ReadonlySet<string>
    readonly signal?: AbortSignal | undefined
  },
) => Promise<readonly CompressionJob[]>

// What the provider takes is paid for: for so long its answer is waited for when all else stops.
const GRACE_MS = 5_000

export function createHandOver(desk: Desk, parts: HandOverParts, { pace, taken }: BatchMemory): HandOver {
  const { settings, owners, counter, logger, hash } = parts
  let hasWarned = false

  /** @returns false when the provider has not taken it */
  async function submit(
    workstreamId: WorkstreamId,
    id: string,
    batches: ModelBatches,
    requests: readonly BatchRequest[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const grace = withGrace(signal, GRACE_MS)
    try {
      taken.set(id, await batches.submit(requests, grace.signal))
    } catch (error) {
      const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
      logger.warn('a batch was not taken', { workstreamId, id, code })
      // Whether one that was stopped was taken, nobody knows.
      await keepCollected(desk, { workstream_id: workstreamId, id }, isStopped(signal) ? 'lost' : 'failed')
      return false
    } finally {
      grace.release()
    }
    await noteTaken(desk, taken, workstreamId, id)
    return true
  }

  return async (workstreamId, jobs, { model, direct, signal }) => {
    if (!settings.batch || model === null) return jobs
    const { batches } = model
    const name = `${model.profile}/${model.model}`
    if (batches === undefined) {
      if (!hasWarned) logger.warn('the model has no batches: it is asked directly', { model: name })
      hasWarned = true
      return jobs
    }
    const cold = jobs.filter((job): job is SessionJob => job.kind === 'session' && !direct.has(job.key))
    const handed = new Set<string>()
    const renderer = { model, counter, maxTokens: settings.maxSummaryTokens, hash }
    for await (const { keys, requests } of renderBatches(desk, workstreamId, cold, renderer)) {
      if (isStopped(signal)) break
      const claimedAt = timestampOf(desk.clock.nowMs())
      const id = await keepClaim(desk, workstreamId, { model: name, keys, owner: await owners.own() })
      if (id !== undefined) {
        if (!(await submit(workstreamId, id, batches, requests, signal))) continue
        pace.wait({ id, claimed_at: claimedAt })
      }
      // Without an id somebody else was faster: it is theirs.
      for (const key of keys) handed.add(key)
    }
    return jobs.filter(({ key }) => !handed.has(key))
  }
}

/** Says in the log what the provider has taken. When it cannot be written now, it is said later. */
export async function noteTaken(
  desk: Pick<Desk, 'queue'>,
  taken: BatchMemory['taken'],
  workstreamId: WorkstreamId,
  id: string,
): Promise<void> {
  const submitted = taken.get(id)
  if (submitted !== undefined) await keepSubmitted(desk, workstreamId, id, submitted)
  taken.delete(id)
}
