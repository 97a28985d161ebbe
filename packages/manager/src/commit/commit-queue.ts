import { type Clock, timestampOf } from '@arawn/core/clock'
import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { IdSource, WorkstreamId } from '@arawn/core/id'
import type { LogStore, LogWriter } from '@arawn/core/log-store'
import { nextStamp } from '@arawn/core/stamp'
import type { IndexReader, WorkstreamIndex } from '@arawn/core/workstream-index'
import type { DecidedRecord, DecisionContext } from '@arawn/engine/decision'
import type { IndexCare } from '../index-care/index-care.js'
import { createCommitMemory } from './commit-memory.js'
import { createStage, type Stage, type Standing } from './stage.js'

/**
 * The one write path. Requests queue up; whoever holds the write lock takes a group of them and
 *
 *     decides each -> stages its rows -> appends all lines and syncs -> commits the rows -> answers
 *
 * A request that fails to decide fails alone. When the append fails, nothing of the group remains, and each request is
 * tried once more by itself, so that one full or broken log does not fail its neighbours.
 */
export interface CommitQueue {
  commit<Answer>(request: CommitRequest<Answer>): Promise<Answer>
  /** Resolves when everything asked for so far is answered. */
  idle(): Promise<void>
}

export interface CommitRequest<Answer> {
  readonly workstreamId: WorkstreamId
  /** Reads a workstream's logs again from the beginning. */
  readonly afresh?: boolean
  decide(scene: DecisionScene): Promise<Decision<Answer>>
}

export interface DecisionScene {
  readonly context: DecisionContext
  /** False when the workstream has no folder. */
  readonly exists: boolean
  standing(): Promise<Standing>
  rows(): Promise<IndexReader>
}

export interface Decision<Answer> {
  readonly records: readonly DecidedRecord[]
  /** Asked after the records were staged; `sequences` has one for each. */
  answer(rows: () => Promise<IndexReader>, sequences: readonly number[]): Promise<Answer> | Answer
}

interface Waiting {
  readonly request: CommitRequest<unknown>
  resolve(answer: unknown): void
  reject(error: unknown): void
}

// More than enough to make a sync cheap for each, few enough to hold in memory and to be fair to other processes.
const GROUP_REQUESTS = 1_024

/** The rest of this turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

export function createCommitQueue(
  {
    log,
    index,
    clock,
    ids,
    care,
  }: { log: LogStore; index: WorkstreamIndex; clock: Clock; ids: IdSource; care: IndexCare },
  { lockTimeoutMs }: { lockTimeoutMs: number },
): CommitQueue {
  let queue: Waiting[] = []
  const memory = createCommitMemory()
  let running: Promise<void> | undefined

  function commit<Answer>(request: CommitRequest<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      queue.push({ request, resolve: (answer) => resolve(answer as Answer), reject })
      running ??= run()
    })
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      try {
        if (!(await underLock())) await care.usable()
      } catch (error) {
        // No lock or no index: nobody who waits now can be served.
        for (const waiting of queue.splice(0)) waiting.reject(error)
      }
    }
    // In the same step as the last look at the queue: whoever comes later starts anew.
    running = undefined
  }

  /** False when the index has to be mended first. */
  async function underLock(): Promise<boolean> {
    const writer = await log.lock(lockTimeoutMs)
    try {
      while (queue.length > 0) {
        if (index.condition() !== 'current') return false
        const group = queue.slice(0, GROUP_REQUESTS)
        queue = queue.slice(group.length)
        await commitGroup(writer, group)
        if (writer.shouldYield()) break
        // Whoever was answered just now may ask again at once: it costs less to see than to take the lock anew.
        if (queue.length === 0) await turn()
      }
      return true
    } finally {
      writer.release()
    }
  }

  async function commitGroup(writer: LogWriter, group: readonly Waiting[]): Promise<void> {
    try {
      await attempt(writer, group)
    } catch (error) {
      if (hasCode(error, 'INDEX_UNUSABLE')) {
        // Nothing was appended. The index is mended before the next group, which begins with these.
        queue = [...group, ...queue]
        return
      }
      const [only] = group
      if (group.length === 1) only?.reject(error)
      else for (const waiting of group) await commitGroup(writer, [waiting])
    }
  }

  /** Throws only when nothing of the group was kept. */
  async function attempt(writer: LogWriter, group: readonly Waiting[]): Promise<void> {
    const transaction = await index.begin()
    const answers: (() => void)[] = []
    try {
      const remembered = memory.of(await transaction.version())
      let last = remembered.lastStamp ?? (await transaction.lastStamp())
      const nowMs = clock.nowMs()
      const issueStamp = () => {
        last = nextStamp(last, nowMs)
        return last
      }
      const stage = createStage({ log, writer, transaction }, { issueStamp, nowMs, remembered })
      const context: DecisionContext = { nowMs, timestamp: timestampOf(nowMs), nextStamp: issueStamp, ids }
      for (const waiting of group) answers.push(await serve(waiting, stage, context))
      const entries = stage.entries()
      if (entries.length > 0) {
        // The rows are made while the disk is busy. Nobody sees them before the commit.
        const folders = stage.creates() ? await log.folderToken() : undefined
        const appended = writer.append(entries)
        await Promise.all([appended, stage.finish()])
        await stage.settle()
        if (folders !== undefined) care.created(folders, await log.folderToken())
      }
      remembered.lastStamp = last
    } catch (error) {
      memory.clear()
      await transaction.rollback()
      throw error
    }
    await transaction.commit().catch(async (error: unknown) => {
      // The records are on disk: they are kept, and the index catches up with them.
      memory.clear()
      await transaction.rollback()
      care.doubt(error)
    })
    for (const answer of answers) answer()
  }

  async function serve(
    { request, resolve, reject }: Waiting,
    stage: Stage,
    context: DecisionContext,
  ): Promise<() => void> {
    const { workstreamId } = request
    try {
      if (request.afresh === true) await stage.reapply(workstreamId)
      const exists = await stage.prepare(workstreamId)
      const { records, answer } = await request.decide({
        context,
        exists,
        standing: () => stage.standing(workstreamId),
        rows: stage.rows,
      })
      const given = await answer(stage.rows, stage.add(workstreamId, records))
      return () => resolve(given)
    } catch (error) {
      if (hasCode(error, 'INDEX_UNUSABLE') || !(error instanceof WorkstreamError)) throw error
      return () => reject(error)
    }
  }

  return {
    commit,
    idle: async () => {
      while (running !== undefined) await running
    },
  }
}
