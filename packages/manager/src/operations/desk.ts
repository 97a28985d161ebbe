import type { Clock } from '@arawn/core/clock'
import { hasCode } from '@arawn/core/error'
import { type IdSource, isWorkstreamId, SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { decideScratch } from '@arawn/engine/workstream-decisions'
import { hasAll, isAhead, isLevel } from '../catch-up/catch-up.js'
import type { CommitQueue } from '../commit/commit-queue.js'
import type { CommitRequest } from '../commit/commit-request.js'
import { cannotWrite } from '../index-care/cannot-write.js'
import type { IndexCare } from '../index-care/index-care.js'
import { isStale } from '../reading/read-messages.js'
import { findByName, workstreamNotFound } from '../reading/reference.js'

/** What every operation works with: the ports, and the two ways in, `read` and `write`. */
export interface Desk {
  readonly log: LogStore
  readonly index: WorkstreamIndex
  readonly clock: Clock
  readonly ids: IdSource
  readonly care: IndexCare
  readonly queue: CommitQueue
  /** Runs a question on an index that is usable and level; once more when it turned out to be neither. */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer>
  /**
   * Finds a workstream, sees that the index has all of its logs, and asks.
   *
   * @param known may have the answer as soon as the index can be used
   */
  read<Answer>(
    reference: string,
    question: (workstream: Workstream) => Promise<Answer>,
    known?: () => Promise<Answer | undefined>,
  ): Promise<Answer>
  /** Commits on the workstream that a reference names. */
  write<Answer>(reference: string, request: Omit<CommitRequest<Answer>, 'workstreamId'>): Promise<Answer>
}

export function createDesk(ports: Pick<Desk, 'log' | 'index' | 'clock' | 'ids' | 'care' | 'queue'>): Desk {
  const { log, index, care, queue } = ports

  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    await care.ready()
    try {
      return await question()
    } catch (error) {
      if (!hasCode(error, 'INDEX_UNUSABLE')) throw error
      await care.ready()
      return question()
    }
  }

  /** Brings one workstream level when somebody else has written to its logs. */
  async function freshen(workstreamId: WorkstreamId): Promise<void> {
    if (await comesLevel(workstreamId)) return
    await queue.catchUp(workstreamId).catch((error: unknown) => {
      // A data dir that cannot be written can still be read, as far as the index knows it.
      if (!cannotWrite(error)) throw error
    })
  }

  /** Whether the index comes to have all that is in the logs now. Lines that are written meanwhile do not count. */
  async function comesLevel(workstreamId: WorkstreamId): Promise<boolean> {
    const wanted = await log.measure(workstreamId)
    // The rows of what another process commits follow its lines within milliseconds.
    for (const pauseMs of [0, 1, 3, 10]) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const heads = await index.heads(workstreamId)
      if (wanted === undefined) return heads === undefined
      if (heads === undefined) continue
      if (isLevel(heads, wanted)) return true
      const now = await log.measure(workstreamId)
      if (now === undefined || isAhead(heads, now)) return false
      if (hasAll(heads, wanted, now)) return true
    }
    return false
  }

  async function find(reference: string): Promise<WorkstreamId> {
    if (isWorkstreamId(reference)) {
      if ((await index.workstream(reference)) !== undefined) return reference
      // The index never decides whether something exists.
      if ((await log.measure(reference)) !== undefined) {
        await queue.catchUp(reference)
        return reference
      }
      if (reference === SCRATCH_ID) {
        await makeScratch()
        return reference
      }
    }
    return findByName(index, reference)
  }

  async function makeScratch(): Promise<void> {
    await queue.commit({
      workstreamId: SCRATCH_ID,
      decide: async ({ exists, context }) => ({ records: exists ? [] : [decideScratch(context)], answer: () => {} }),
    })
  }

  async function read<Answer>(
    reference: string,
    question: (workstream: Workstream) => Promise<Answer>,
    known?: () => Promise<Answer | undefined>,
  ): Promise<Answer> {
    return ask(async () => {
      const found = await known?.()
      if (found !== undefined) return found
      const id = await find(reference)
      await freshen(id)
      const answer = async () => {
        const workstream = await index.workstream(id)
        if (workstream === undefined) throw workstreamNotFound(reference)
        return question(workstream)
      }
      return answer().catch(async (error: unknown) => {
        if (!isStale(error)) throw error
        await queue.catchUp(id, { afresh: true })
        return answer()
      })
    })
  }

  async function write<Answer>(
    reference: string,
    request: Omit<CommitRequest<Answer>, 'workstreamId'>,
  ): Promise<Answer> {
    // The file itself is looked at under the lock.
    if (!care.wasReady()) await care.ready()
    // Most references are ids. Whether there is such a workstream is seen under the lock, which saves a question.
    if (isWorkstreamId(reference)) {
      try {
        return await queue.commit({ workstreamId: reference, ...request })
      } catch (error) {
        if (!hasCode(error, 'WORKSTREAM_NOT_FOUND')) throw error
      }
    }
    const workstreamId = await ask(() => find(reference))
    return queue.commit({ workstreamId, ...request })
  }

  return { ...ports, ask, read, write }
}
