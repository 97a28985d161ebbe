import { timestampOf } from '@arawn/core/clock'
import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import { type BatchRequest, type ModelBatches, wasNotTaken } from '@arawn/core/model-batches'
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

// A provider that asks to come back seldom means at once.
const HOLD_UP_MS = 60_000

export function createHandOver(desk: Desk, parts: HandOverParts, memory: BatchMemory): HandOver {
  const { pace, taken } = memory
  const { settings, owners, counter, logger, hash } = parts
  let hasWarned = false

  /** @returns false when it is to be done directly */
  async function submit(
    workstreamId: WorkstreamId,
    id: string,
    batches: ModelBatches,
    requests: readonly BatchRequest[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const grace = withGrace(signal, GRACE_MS)
    const claimed_at = timestampOf(desk.clock.nowMs())
    try {
      taken.set(id, await batches.submit(requests, grace.signal))
    } catch (error) {
      const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
      logger.warn('a batch was not taken', { workstreamId, id, code })
      const isBusy = wasNotTaken(error)
      if (isBusy) {
        const askedMs = hasCode(error, 'MODEL_RATE_LIMITED') ? error.details.retryAfterMs : null
        memory.holdUp(Math.max(HOLD_UP_MS, askedMs ?? 0))
      }
      // Whether one that was stopped was taken, nobody knows.
      const outcome = isBusy ? 'busy' : isStopped(signal) ? 'lost' : 'failed'
      await keepCollected(desk, { workstream_id: workstreamId, id }, outcome)
      return isBusy
    } finally {
      grace.release()
    }
    await noteTaken(desk, taken, workstreamId, id)
    pace.wait({ id, claimed_at })
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
    for await (const { keys, requests } of renderBatches(desk, workstreamId, memory.isHeldUp() ? [] : cold, renderer)) {
      if (isStopped(signal) || memory.isHeldUp()) break
      const id = await keepClaim(desk, workstreamId, { model: name, keys, owner: await owners.own() })
      // Without an id somebody else was faster: it is theirs.
      if (id === undefined || (await submit(workstreamId, id, batches, requests, signal)))
        for (const key of keys) handed.add(key)
    }
    // What a provider has no time for now is not done directly, for more: it comes later.
    const later = memory.isHeldUp() ? new Set(cold.map(({ key }) => key)) : handed
    return jobs.filter(({ key }) => !later.has(key))
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
