import { createHash } from 'node:crypto'
import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { CompressionProgress, CompressionReport, CompressionStep } from '@arawn/core/memory-operations'
import type { Summary } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { CompressionEvent } from '@arawn/core/wire-event'
import type { AnsweredModel } from '@arawn/engine/answered-model'
import { jobsOfBatch, keysToDoDirectly, sessionsInBatches } from '@arawn/engine/batched-jobs'
import {
  type CompressionJob,
  type CompressionPlan,
  type PlanOccasion,
  planCompression,
} from '@arawn/engine/compression-plan'
import { PROMPT_VERSION } from '@arawn/engine/summary-prompt'
import type { Desk } from '../operations/desk.js'
import { createBatchMemory } from './batch-memory.js'
import { createCollectBatches } from './collect-batches.js'
import type { CompressionSettings } from './compression-settings.js'
import { createHandOver } from './hand-over.js'
import { isStopped } from './is-stopped.js'
import { keepAttempt, keepSummary } from './keep-summary.js'
import { makeSummary } from './make-summary.js'
import { readCompressionState } from './read-state.js'
import { roomPolicy } from './room-policy.js'

export interface CompressionTask {
  readonly why: PlanOccasion['why']
  readonly sessionId?: SessionId | undefined
  readonly model: LanguageModel | null
  /** Room is needed now: what is made stands in until there is time for a better one. */
  readonly makeRoomFor?: { readonly coverage: Coverage | undefined } | undefined
  readonly dryRun?: boolean | undefined
  readonly onProgress?: ((progress: CompressionProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type Done = { readonly summary: Summary } | { readonly problem: string }

type Tell = (job: CompressionJob, done: Done) => void

/** Summarizes what there is to summarize in one workstream, job by job, until the plan has none. */
export interface Compressor {
  /** Workstreams of which something was handed to a provider that may have answered. */
  batchesDue(): Promise<readonly WorkstreamId[]>
  /** A provider asked to come back with batches: what would go into one is left for later. */
  isHeldUp(): boolean
  /** Those of one workstream take turns. */
  compress(workstreamId: WorkstreamId, task: CompressionTask): Promise<CompressionReport>
  /** Resolves once nothing is under way. */
  idle(): Promise<void>
  /** Tells when a job begins and when it is over. @returns how to stop */
  watch(tell: (event: CompressionEvent) => void): () => void
}

export interface CompressorParts {
  readonly settings: CompressionSettings
  /** For answers of models that the settings do not name any more. */
  readonly models: LanguageModels
  readonly owners: TurnOwners
  readonly counter: TokenCounter
  readonly logger: Logger
}

export function createCompressor(
  desk: Desk,
  { settings, models, owners, counter, logger }: CompressorParts,
): Compressor {
  const { index, log, ask } = desk
  const memory = createBatchMemory(desk.clock)
  const handOver = createHandOver(desk, { settings, owners, counter, logger, hash: sha256 }, memory)
  const collectBatches = createCollectBatches(desk, { models, owners, logger, hash: sha256 }, memory)
  const naming = { promptVersion: PROMPT_VERSION, hash: sha256 }
  const turns = new Map<WorkstreamId, Promise<unknown>>()
  const watchers = new Set<(event: CompressionEvent) => void>()

  async function plan(
    workstreamId: WorkstreamId,
    task: CompressionTask,
    why: PlanOccasion['why'],
  ): Promise<CompressionPlan & { readonly inBatches: ReadonlySet<string>; readonly direct: ReadonlySet<string> }> {
    const [state, handed] = await desk.read(workstreamId, async () => [
      await readCompressionState(index, workstreamId),
      await index.compressionBatches(workstreamId),
    ])
    const { model, sessionId, makeRoomFor } = task
    const name = model === null ? null : `${model.profile}/${model.model}`
    const room = makeRoomFor === undefined ? {} : roomPolicy(state, makeRoomFor.coverage, settings.contextWindow)
    return {
      ...planCompression(state, { ...settings, ...room }, { ...naming, why, sessionId, model: name }),
      inBatches: sessionsInBatches(handed, state, settings, naming),
      direct: keysToDoDirectly(handed, settings),
    }
  }

  /** What has been answered becomes summaries. */
  async function collect(workstreamId: WorkstreamId, task: CompressionTask, tell: Tell): Promise<void> {
    await collectBatches(workstreamId, {
      model: task.model,
      signal: task.signal,
      jobsOf: (batch) =>
        desk.read(workstreamId, async () =>
          jobsOfBatch(batch, await readCompressionState(index, workstreamId), settings, naming),
        ),
      work: async (job, answered, batchId) =>
        tell(job, await runJob(workstreamId, job, { ...task, model: answered }, { answered, batchId })),
    })
  }

  async function run(workstreamId: WorkstreamId, task: CompressionTask): Promise<CompressionReport> {
    const { why, signal, onProgress, dryRun = false } = task
    const made: CompressionReport['made'][number][] = []
    const left: CompressionReport['left'][number][] = []
    const tried = new Set<string>()
    const tell: Tell = (job, done) => {
      tried.add(job.key)
      if ('summary' in done) made.push({ ...stepOf(job), summary: done.summary })
      else left.push({ ...stepOf(job), problem: done.problem })
    }
    const isCold = (why === 'startup' || why === 'session_end') && !dryRun
    if (isCold) await collect(workstreamId, task, tell)
    // What was asked for by hand is planned once; what follows from it, as ever.
    for (let occasion = why; !isStopped(signal); occasion = why === 'manual' ? 'session_end' : why) {
      // What somebody asks for by hand, or a context needs, does not wait for a batch.
      const isAtOnce = occasion === 'manual' || task.makeRoomFor !== undefined
      const planned = await plan(workstreamId, task, isAtOnce ? 'manual' : occasion)
      const { stopped, inBatches, direct } = planned
      const untried = planned.jobs.filter((job) => !tried.has(job.key) && (isAtOnce || !isIn(inBatches, job)))
      const warm = isLeftForLater(task) ? untried.filter(({ kind }) => kind !== 'session') : untried
      const open = isCold ? await handOver(workstreamId, warm, { ...task, direct }) : warm
      if (dryRun)
        return {
          workstream_id: workstreamId,
          made,
          left: open.map((job) => ({ ...stepOf(job), problem: isIn(inBatches, job) ? 'in_batch' : null })),
        }
      if (open.length === 0) {
        for (const { kind, sessionId = null, reason } of stopped)
          left.push({ kind, session_id: sessionId, coverage: [], reason: 'stopped', problem: reason })
        break
      }
      for (const job of open) {
        if (isStopped(signal)) break
        onProgress?.({ done: made.length + left.length, known: made.length + left.length + open.length })
        tell(job, await runJob(workstreamId, job, task))
      }
    }
    return { workstream_id: workstreamId, made, left }
  }

  /** Sessions that ended can wait until somebody looks who has the time for batches. */
  function isLeftForLater({ why, makeRoomFor, model }: CompressionTask): boolean {
    return settings.batch && model?.batches !== undefined && why === 'turn_end' && makeRoomFor === undefined
  }

  async function runJob(...[workstreamId, job, ...how]: Parameters<typeof doJob>): Promise<Done> {
    const { kind, session_id, reason } = stepOf(job)
    const told = { workstream_id: workstreamId, kind, session_id, reason }
    for (const tell of watchers) tell({ type: 'compression.started', ...told })
    const done = await doJob(workstreamId, job, ...how)
    const end = 'summary' in done ? { summary_id: done.summary.id, problem: null } : { summary_id: null, ...done }
    for (const tell of watchers) tell({ type: 'compression.completed', ...told, ...end })
    return done
  }

  async function doJob(
    workstreamId: WorkstreamId,
    job: CompressionJob,
    task: CompressionTask,
    batch?: { readonly answered: AnsweredModel; readonly batchId: string },
  ): Promise<Done> {
    const { model, signal, makeRoomFor } = task
    const isStandIn = makeRoomFor !== undefined
    try {
      const maker = { model, counter, settings, isStandIn, signal }
      const result = await ask(() => makeSummary({ rows: index, log }, workstreamId, job, maker))
      if (result === undefined) {
        await keepAttempt(desk, workstreamId, job, 'not_smaller')
        return { problem: 'not_smaller' }
      }
      const { fields, error } = result
      // Code did what the model of the settings should have done: it could not be opened, or there was no time for it.
      const isBetterLater = model === null && settings.model !== null
      const isDegraded = isBetterLater || fields.receipt.degraded === true
      if (isDegraded && job.reason === 'degraded_retry') {
        // A stand-in for a stand-in is no gain.
        await keepAttempt(desk, workstreamId, job, 'degraded', error)
        return { problem: 'degraded' }
      }
      const receipt = {
        ...fields.receipt,
        ...(isBetterLater && { degraded: true }),
        ...(batch !== undefined && batch.answered.answersUsed() > 0 && { batch_id: batch.batchId }),
      }
      const summary = await keepSummary(desk, workstreamId, job, { ...fields, receipt })
      return summary === undefined ? { problem: 'not needed any more' } : { summary }
    } catch (error) {
      if (signal?.aborted === true) return { problem: 'stopped' }
      const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
      logger.warn('a compression failed', { workstreamId, kind: job.kind, code })
      await keepAttempt(desk, workstreamId, job, 'failed', error)
      return { problem: code }
    }
  }

  return {
    isHeldUp: memory.isHeldUp,
    batchesDue: async () => {
      const open = await ask(() => index.openCompressionBatches())
      return [...new Set(open.filter(memory.pace.isDue).map(({ workstream_id }) => workstream_id))]
    },
    compress(workstreamId, task) {
      const before = turns.get(workstreamId) ?? Promise.resolve()
      const result = before.then(() => run(workstreamId, task))
      const ended = result.catch(() => {})
      turns.set(workstreamId, ended)
      void ended.then(() => {
        if (turns.get(workstreamId) === ended) turns.delete(workstreamId)
      })
      return result
    },
    watch: (tell) => {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
    idle: async () => {
      while (turns.size > 0) await Promise.all(turns.values())
    },
  }
}

function isIn(sessions: ReadonlySet<string>, job: CompressionJob): boolean {
  return job.kind === 'session' && sessions.has(job.sessionId)
}

function stepOf(job: CompressionJob): CompressionStep {
  const { kind, coverage, reason } = job
  return { kind, coverage, reason, session_id: job.kind === 'workstream' ? null : job.sessionId }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
