import type { Clock } from '@arawn/core/clock'
import type { WorkstreamId } from '@arawn/core/id'
import type { CompressionReport } from '@arawn/core/memory-operations'
import type { Stamp } from '@arawn/core/stamp'
import type { DegradedWorkstream, LongSession, WorkstreamIndex } from '@arawn/core/workstream-index'
import type { CompressionSettings } from './compression-settings.js'
import type { Compressor } from './compressor.js'

/**
 * Where the background has to look for something to compress, and where it need not look again before something happens:
 *
 *  - a session has ended and has no summary
 *  - a session that goes on has grown, whoever wrote to it
 *  - a summary is degraded, and it is time to ask the model again
 *  - a provider may have answered a batch
 */
export interface DueWorkstreams {
  list(): Promise<DueWorkstream[]>
  /** Whether so much was said since the last look that this one is worth it. Counts as that look. */
  hasGrown(session: LongSession): boolean
}

export interface DueWorkstream {
  readonly id: WorkstreamId
  readonly why: 'startup' | 'turn_end'
  /** Compresses, and remembers that somebody has looked. @returns how many summaries were made */
  look(compress: () => Promise<CompressionReport>): Promise<number>
}

type Batches = Pick<Compressor, 'batchesDue' | 'isHeldUp'>

const LOOK_AFTER_MESSAGES = 10
// A provider that is down stays down for a while: asked again after one minute, after ten more, a hundred more.
const FIRST_RETRY_MS = 60_000
const RETRY_GROWTH = 10

export function createDueWorkstreams(
  { index, clock, compressor }: { index: WorkstreamIndex; clock: Clock; compressor: Batches },
  { minMessages, model }: Pick<CompressionSettings, 'minMessages' | 'model'>,
): DueWorkstreams {
  /** The last stamp of a workstream when there was nothing more to do. */
  const doneAt = new Map<WorkstreamId, Stamp>()
  /** The last try behind which there was no other: the work is given up. */
  const givenUpAt = new Map<WorkstreamId, Stamp>()
  const seen = new Map<WorkstreamId, LongSession>()

  async function lastStampOf(workstreamId: WorkstreamId): Promise<Stamp> {
    const heads = await index.heads(workstreamId)
    return Math.max(0, ...Object.values(heads ?? {}).map(({ lastStamp }) => lastStamp))
  }

  async function waiting(): Promise<WorkstreamId[]> {
    const due: WorkstreamId[] = []
    if (compressor.isHeldUp()) return []
    for (const id of await index.workstreamsToCompress(minMessages))
      if (doneAt.get(id) !== (await lastStampOf(id))) due.push(id)
    return due
  }

  async function degraded(): Promise<DegradedWorkstream[]> {
    // What code has made gets no better by code.
    if (model === null || compressor.isHeldUp()) return []
    const all = await index.degradedWorkstreams()
    const nowMs = clock.nowMs()
    return all.filter((one) => retryAtMs(one) <= nowMs && givenUpAt.get(one.workstreamId) !== one.triedStamp)
  }

  function isLonger({ workstreamId, id, messageCount }: LongSession): boolean {
    const before = seen.get(workstreamId)
    return messageCount - (before?.id === id ? before.messageCount : 0) >= LOOK_AFTER_MESSAGES
  }

  return {
    list: async () => {
      const ended = await waiting()
      const tried = new Map((await degraded()).map((one) => [one.workstreamId, one.triedStamp]))
      const sessions = await index.longSessions(LOOK_AFTER_MESSAGES)
      const grown = new Map(sessions.filter(isLonger).map((session) => [session.workstreamId, session]))
      const answered = await compressor.batchesDue()
      const cold = new Set([...ended, ...tried.keys(), ...answered])
      return [...new Set([...cold, ...grown.keys()])].map((id) => ({
        id,
        why: cold.has(id) ? 'startup' : 'turn_end',
        look: async (compress) => {
          const session = grown.get(id)
          if (session !== undefined) seen.set(id, session)
          const before = await lastStampOf(id)
          const { made, left } = await compress()
          // What was written meanwhile has not been looked at. What cannot be done says so in the log, and is no news.
          if (!compressor.isHeldUp()) doneAt.set(id, left.length === 0 ? before : await lastStampOf(id))
          const lastTry = tried.get(id)
          if (lastTry !== undefined) givenUpAt.set(id, lastTry)
          return made.length
        },
      }))
    },

    hasGrown: (session) => {
      const grows = isLonger(session)
      if (grows) seen.set(session.workstreamId, session)
      return grows
    },
  }
}

function retryAtMs({ madeStamp, triedStamp }: DegradedWorkstream): number {
  const triedForMs = (triedStamp - madeStamp) / MICROSECONDS
  return triedStamp / MICROSECONDS + Math.max(FIRST_RETRY_MS, triedForMs * RETRY_GROWTH)
}

/** A stamp counts them, per millisecond. */
const MICROSECONDS = 1_000
