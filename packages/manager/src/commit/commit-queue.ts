import { type Clock, timestampOf } from '@arawn/core/clock'
import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { IdSource, WorkstreamId } from '@arawn/core/id'
import type { LogStore, LogWriter } from '@arawn/core/log-store'
import type { Stamp } from '@arawn/core/stamp'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { type IndexCare, indexRebuilding } from '../index-care/index-care.js'
import { attemptMove, type WaitingMove } from './attempt-move.js'
import type { CommitRequest, MoveRequest } from './commit-request.js'
import { createEventLoopTurns } from './event-loop-turns.js'
import { createIndexCommits } from './index-commits.js'
import { type StageWork, sceneOf } from './scene.js'
import { createStage, type Stage } from './stage.js'
import { createStampIssuer } from './stamp-issuer.js'

/**
 * The one write path. Requests queue up; whoever holds the write lock takes groups of them and
 *
 *     decides each -> stages its lines -> appends all lines and syncs -> answers        for each group
 *     makes and commits the rows                                                        for some groups together
 *
 * A request that fails to decide fails alone. When the append fails, nothing of the group remains, and each request is
 * tried once more by itself, so that one full or broken log does not fail its neighbours. Where something of it may
 * remain, all of them hear so.
 */
export interface CommitQueue {
  commit<Answer>(request: CommitRequest<Answer>): Promise<Answer>
  /** Runs a move by itself, under the write lock; resolves when it is on disk. */
  move<Answer>(request: MoveRequest<Answer>): Promise<Answer>
  /** Resolves when the index has all that is in a workstream's logs; afresh, it reads them from the beginning. */
  catchUp(workstreamId: WorkstreamId, options?: { afresh?: boolean }): Promise<void>
  /** Resolves when everything that was answered so far is in the rows. */
  settled(): Promise<void>
  /** The greatest stamp that was given or seen here; 0 before the first. */
  lastStamp(): Stamp
  /** Resolves when everything asked for so far is answered. */
  idle(): Promise<void>
}

interface WaitingCommit {
  readonly request: CommitRequest<unknown>
  /** A group that it was in has failed. */
  isTriedOnceMore: boolean
  resolve(answer: unknown): void
  reject(error: unknown): void
}
type Waiting = WaitingCommit | WaitingMove

function isMove(waiting: Waiting): waiting is WaitingMove {
  return 'move' in waiting.request
}

function isCommit(waiting: Waiting): waiting is WaitingCommit {
  return !isMove(waiting)
}

// More than enough to make a sync cheap for each, few enough to hold in memory and to be fair to other processes.
const GROUP_REQUESTS = 1_024

/** Whoever asks for what was moved finds it in the rows. */
function needsRows(waiting: Waiting): boolean {
  return isMove(waiting) || waiting.request.forRows === true
}

export function createCommitQueue(
  {
    log,
    index,
    clock,
    ids,
    care,
    onCommit,
  }: {
    log: LogStore
    index: WorkstreamIndex
    clock: Clock
    ids: IdSource
    care: IndexCare
    /** Told when rows have become visible. */
    onCommit: () => void
  },
  { lockTimeoutMs }: { lockTimeoutMs: number },
): CommitQueue {
  let queue: Waiting[] = []
  const indexCommits = createIndexCommits({ log, index, care, onCommit })
  const stamps = createStampIssuer()
  const turns = createEventLoopTurns()
  let running: Promise<void> | undefined

  function join<Answer>(
    waitingFor: (resolve: (answer: unknown) => void, reject: (error: unknown) => void) => Waiting,
  ): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      queue.push(waitingFor((answer) => resolve(answer as Answer), reject))
      running ??= run()
    })
  }

  function commit<Answer>(request: CommitRequest<Answer>): Promise<Answer> {
    return join((resolve, reject) => ({ request, isTriedOnceMore: false, resolve, reject }))
  }

  async function run(): Promise<void> {
    let mendedSince: number | undefined
    while (queue.length > 0) {
      try {
        if (await underLock()) mendedSince = undefined
        else {
          // One that is unusable again each time it was rebuilt is not waited for any longer.
          const now = performance.now()
          mendedSince ??= now
          if (now - mendedSince > lockTimeoutMs) throw indexRebuilding(now - mendedSince)
          await care.usable()
        }
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
        if (!indexCommits.isOpen() && index.condition() !== 'current') return false
        const group = takeGroup()
        await commitGroup(writer, group)
        if (writer.shouldYield()) break
        if (indexCommits.due()) await indexCommits.commit(writer)
        // Whoever was answered just now may ask again at once: it costs less to see than to take the lock anew.
        if (group.length === 1 && !turns.isDue()) await stepsUntilAsked()
        if (queue.length === 0 || turns.isDue()) await turns.take()
      }
      return true
    } finally {
      await indexCommits.commit(writer)
      writer.release()
    }
  }

  /** Somebody who sends alone is back after some steps of promises. Of many, the first would leave the others behind. */
  async function stepsUntilAsked(): Promise<void> {
    for (let step = 0; step < 8 && queue.length === 0; step++) await Promise.resolve()
  }

  function takeGroup(): Waiting[] {
    const group: Waiting[] = []
    const once = new Set<string>()
    for (const waiting of queue) {
      // Read afresh by itself: others may have staged lines on what is found to be wrong. Move by itself: others may
      // have staged lines for what comes or goes. Once more by itself: another one of the group may be to blame.
      const alone = isMove(waiting) || waiting.request.afresh === true || waiting.isTriedOnceMore
      if (group.length === GROUP_REQUESTS || (alone && group.length > 0)) break
      const key = isMove(waiting) ? undefined : waiting.request.once
      if (key !== undefined && once.has(key)) break
      if (key !== undefined) once.add(key)
      group.push(waiting)
      if (alone) break
    }
    queue = queue.slice(group.length)
    return group
  }

  async function commitGroup(writer: LogWriter, group: readonly Waiting[]): Promise<void> {
    try {
      await attempt(writer, group)
      // Whoever waits for rows must not lose them again because a later group fails; nor may one be decided on rows
      // that lack some.
      if (indexCommits.hasFailed() || group.some(needsRows)) await indexCommits.commit(writer)
    } catch (error) {
      if (hasCode(error, 'INDEX_UNUSABLE')) {
        // Nothing was appended. The index is mended before the next group, which begins with these.
        queue = [...group, ...queue]
        return
      }
      if (hasCode(error, 'LOCK_TIMEOUT')) {
        // The index is held by somebody else: each further try would wait as long.
        queue = [...group, ...queue]
        throw error
      }
      // What could not be taken back may be in the logs: tried once more, it would be there twice.
      if (group.length === 1 || hasCode(error, 'LOG_APPEND_UNCERTAIN')) for (const { reject } of group) reject(error)
      else {
        for (const waiting of group.filter(isCommit)) waiting.isTriedOnceMore = true
        queue = [...group, ...queue]
      }
    }
  }

  async function attempt(writer: LogWriter, group: readonly Waiting[]): Promise<void> {
    const [first] = group
    if (first !== undefined && isMove(first)) await attemptMove({ indexCommits, openStage, append }, writer, first)
    else await attemptCommits(writer, group.filter(isCommit))
  }

  /** Throws only when nothing of the group was kept, or when that is not known. */
  async function attemptCommits(writer: LogWriter, group: readonly WaitingCommit[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      const work = await openStage(writer)
      for (const waiting of group) answers.push(await serve(waiting, work))
      await append(writer, work.stage)
    } catch (error) {
      await indexCommits.undo(writer, error)
      throw error
    }
    for (const answer of answers) answer()
  }

  async function openStage(writer: LogWriter): Promise<StageWork> {
    const { batch, remembered, groups, lacksRows, shownUpTo } = await indexCommits.open()
    const nowMs = clock.nowMs()
    const stage = createStage({ log, writer, batch }, { stamps, nowMs, remembered, shownUpTo })
    if (groups === 1) {
      stamps.sawStamp(shownUpTo)
      if (lacksRows) await stage.prepareAll()
    }
    return { stage, context: { nowMs, timestamp: timestampOf(nowMs), nextStamp: () => stamps.next(nowMs), ids } }
  }

  async function append(writer: LogWriter, stage: Stage): Promise<void> {
    const entries = stage.entries()
    if (entries.length === 0) return
    const folders = stage.creates() ? await log.folderToken() : undefined
    const appended = writer.append(entries)
    // It may fail before it is waited for.
    appended.catch(() => {})
    // The disk is busy with this group: time for the rows of those before, and for everybody else in the process.
    await indexCommits.meanwhile(writer)
    if (turns.isDue()) void turns.take()
    await appended
    try {
      await stage.settle()
      if (folders !== undefined) care.created(folders, await log.folderToken())
    } catch (error) {
      // The lines are kept: to fail now would be to say that they are not, or to append them once more.
      indexCommits.fail(error)
    }
  }

  /** @returns how to answer, once the lines are on disk */
  async function serve({ request, resolve, reject }: WaitingCommit, work: StageWork): Promise<() => void> {
    const { stage } = work
    const { workstreamId } = request
    let staged: { answer: () => Promise<unknown> | unknown }
    // To fail here is to fail with the group: half of what was missed may be applied.
    if (request.afresh === true) await stage.reapply(workstreamId)
    const scene = await sceneOf(workstreamId, work)
    try {
      const { records, answer } = await request.decide(scene)
      const sequences = stage.add(workstreamId, records)
      staged = { answer: () => answer(stage.rows, sequences) }
    } catch (error) {
      if (hasCode(error, 'INDEX_UNUSABLE') || !(error instanceof WorkstreamError)) throw error
      return () => reject(error)
    }
    // Its lines are staged: to fail now is to fail with the whole group, so that no line is kept of what is refused.
    const given = await staged.answer()
    return () => resolve(given)
  }

  return {
    commit,
    move: (request) => join((resolve, reject) => ({ request, resolve, reject })),
    catchUp: async (workstreamId, { afresh = false } = {}) => {
      await commit({ workstreamId, afresh, forRows: true, decide: async () => ({ records: [], answer: () => {} }) })
      await indexCommits.settled()
    },
    settled: indexCommits.settled,
    lastStamp: stamps.last,
    idle: async () => {
      while (running !== undefined) await running
    },
  }
}
