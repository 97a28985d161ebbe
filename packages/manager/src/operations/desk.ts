import type { Clock } from '@arawn/core/clock'
import { hasCode } from '@arawn/core/error'
import { type IdSource, isWorkstreamId, SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { decideScratch } from '@arawn/engine/workstream-decisions'
import { isLevel } from '../catch-up/catch-up.js'
import type { CommitQueue, CommitRequest } from '../commit/commit-queue.js'
import { cannotWrite } from '../index-care/cannot-write.js'
import type { IndexCare } from '../index-care/index-care.js'
import { isStale } from '../reading/read-messages.js'
import { findByTitle, workstreamNotFound } from '../reading/reference.js'

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
  /** Finds a workstream, sees that the index has all of its logs, and asks. */
  read<Answer>(reference: string, question: (workstream: Workstream) => Promise<Answer>): Promise<Answer>
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

  async function catchUp(workstreamId: WorkstreamId, { afresh = false } = {}): Promise<void> {
    await queue.commit({ workstreamId, afresh, decide: async () => ({ records: [], answer: () => {} }) })
  }

  /** Brings one workstream level when somebody else has written to its logs. */
  async function freshen(workstreamId: WorkstreamId): Promise<void> {
    if (await seenLevel(workstreamId)) return
    await catchUp(workstreamId).catch((error: unknown) => {
      // A data dir that cannot be written can still be read, as far as the index knows it.
      if (!cannotWrite(error)) throw error
    })
  }

  async function seenLevel(workstreamId: WorkstreamId): Promise<boolean> {
    // A commit under way makes its log longer for the milliseconds until its rows are there.
    for (const pauseMs of [1, 3, 10, 0]) {
      const logs = await log.measure(workstreamId)
      const heads = await index.heads(workstreamId)
      if (logs === undefined ? heads === undefined : isLevel(heads, logs)) return true
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    return false
  }

  async function find(reference: string): Promise<WorkstreamId> {
    if (isWorkstreamId(reference)) {
      if ((await index.workstream(reference)) !== undefined) return reference
      // The index never decides whether something exists.
      if ((await log.measure(reference)) !== undefined) {
        await catchUp(reference)
        return reference
      }
      if (reference === SCRATCH_ID) {
        await makeScratch()
        return reference
      }
    }
    return findByTitle(index, reference)
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
  ): Promise<Answer> {
    return ask(async () => {
      const id = await find(reference)
      await freshen(id)
      const answer = async () => {
        const workstream = await index.workstream(id)
        if (workstream === undefined) throw workstreamNotFound(reference)
        return question(workstream)
      }
      return answer().catch(async (error: unknown) => {
        if (!isStale(error)) throw error
        await catchUp(id, { afresh: true })
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
        return await queue.commit({ ...request, workstreamId: reference })
      } catch (error) {
        if (!hasCode(error, 'WORKSTREAM_NOT_FOUND')) throw error
      }
    }
    const workstreamId = await ask(() => find(reference))
    return queue.commit({ ...request, workstreamId })
  }

  return { ...ports, ask, read, write }
}
