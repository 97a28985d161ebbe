import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { LogStore, LogWriter } from '@arawn/core/log-store'
import type { Stamp } from '@arawn/core/stamp'
import type { IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import type { IndexCare } from '../index-care/index-care.js'
import { createCommitMemory, type Remembered } from './commit-memory.js'
import { createIndexBatch, type IndexBatch } from './index-batch.js'

/**
 * When rows are made and committed. A group is answered once its lines are on disk; its rows follow within
 * milliseconds, together with those of the groups next to it, and before anybody in this process reads.
 */
export interface IndexCommits {
  /** The batch of the groups since the last commit, or a new one. */
  open(): Promise<OpenBatch>
  /** Whether there are groups whose rows are not committed. */
  isOpen(): boolean
  /** Whether somebody waits for the rows, or other processes have waited long enough. */
  due(): boolean
  /** While the disk is busy with a group: commits what the groups before owe, or makes their rows, if it is time for it. */
  meanwhile(writer: LogWriter): Promise<void>
  /** The rows cannot be trusted: the commit gives them up. */
  fail(error: unknown): void
  hasFailed(): boolean
  /** Never fails: the lines are on disk, and an index that lacks their rows catches up with them. */
  commit(writer: LogWriter): Promise<void>
  /** After a group has failed: takes back what it changed, or gives up all rows that are not committed. */
  undo(writer: LogWriter, error: unknown): Promise<void>
  /** Resolves when all that was answered before is in the rows. */
  settled(): Promise<void>
}

export interface OpenBatch {
  readonly batch: IndexBatch
  readonly remembered: Remembered
  /** How many groups it is for, with the one that begins. */
  readonly groups: number
  /** The index may lack lines of any workstream: somebody died, or failed, between an append and its rows. */
  readonly lacksRows: boolean
  /** The last stamp that others see. */
  readonly shownUpTo: Stamp
}

// For as long other processes may find lines without rows.
const COMMIT_AFTER_MS = 10

// Earlier, because nobody waits for what is done while the disk is busy.
const COMMIT_MEANWHILE_AFTER_MS = 6

// From here on the rows of one line cost no less when more come together.
const MANY_LINES = 64

interface Current extends Begun {
  readonly batch: IndexBatch
  groups: number
  failure: unknown
}

/** What is true of a batch from the moment on in which its transaction began. */
interface Begun {
  readonly remembered: Remembered
  readonly sinceMs: number
  readonly lacksRows: boolean
  readonly shownUpTo: Stamp
}

export function createIndexCommits({
  log,
  index,
  care,
  onCommit,
}: {
  log: LogStore
  index: WorkstreamIndex
  care: IndexCare
  onCommit: () => void
}): IndexCommits {
  const memory = createCommitMemory()
  let current: Current | undefined
  /** Rows of groups that were answered were given up. */
  let lost = false
  let waiting: (() => void)[] = []

  async function begin(): Promise<Current> {
    const transaction = await index.begin()
    try {
      return { batch: createIndexBatch(transaction), ...(await begun(transaction)), groups: 0, failure: undefined }
    } catch (error) {
      // Nobody has it yet who could end it; left open, it would keep every other process from writing rows.
      await transaction.rollback().catch(care.doubt)
      throw error
    }
  }

  async function begun(transaction: IndexTransaction): Promise<Begun> {
    return {
      remembered: memory.of(await transaction.version()),
      lacksRows: lost || (await log.unindexed()) !== undefined,
      shownUpTo: await transaction.lastStamp(),
      sinceMs: performance.now(),
    }
  }

  /** The group that is being appended is the first one of what follows: none of its rows are in the transaction. */
  async function commitBefore(ending: Current, writer: LogWriter): Promise<void> {
    await ending.batch.commitAndGoOn(() => index.begin())
    lost = false
    const next = await begun(ending.batch.transaction)
    // Where others cannot be told now, they are soon.
    const sinceMs = writer.indexedBeforeLast() ? next.sinceMs : Number.NEGATIVE_INFINITY
    current = { ...ending, ...next, sinceMs, groups: 1 }
    onCommit()
    tellWaiting()
  }

  async function finish({ batch, failure }: Current): Promise<void> {
    if (failure !== undefined) throw failure
    await batch.applyAll()
    await batch.transaction.commit()
  }

  async function giveUp({ batch }: Current): Promise<void> {
    memory.clear()
    // One that stays open makes the next `begin` fail, and the index be built anew; the lock goes back in any case.
    await batch.transaction.rollback().catch((error: unknown) => care.doubt(error))
  }

  /** So long ago that other processes should not be kept waiting. */
  function isOld({ sinceMs }: Current, afterMs = COMMIT_AFTER_MS): boolean {
    return performance.now() - sinceMs > afterMs
  }

  function canCommitBefore({ batch, groups, failure }: Current): boolean {
    const isPossible = groups > 1 && failure === undefined && !batch.transaction.hasChanged()
    return isPossible && index.condition() === 'current'
  }

  function fail(error: unknown): void {
    if (current !== undefined) current.failure ??= error
  }

  function end(): void {
    current = undefined
    tellWaiting()
  }

  function tellWaiting(): void {
    const settled = waiting
    waiting = []
    for (const resolve of settled) resolve()
  }

  return {
    open: async () => {
      current ??= await begin()
      await current.batch.begin()
      current.groups++
      return current
    },
    isOpen: () => current !== undefined,
    due: () => current !== undefined && (waiting.length > 0 || isOld(current)),
    fail,
    hasFailed: () => current?.failure !== undefined,
    meanwhile: async (writer) => {
      if (current === undefined) return
      const isDue = waiting.length > 0 || isOld(current, COMMIT_MEANWHILE_AFTER_MS)
      try {
        if (isDue && canCommitBefore(current)) await commitBefore(current, writer)
        else if (current.batch.lines() >= MANY_LINES || isOld(current)) await current.batch.applyAll()
      } catch (error) {
        // Told at the commit: an append is under way, and it is not the append that failed.
        fail(error)
      }
    },
    commit: async (writer) => {
      const ending = current
      if (ending === undefined) return
      try {
        await finish(ending)
        lost = false
        writer.indexed()
        onCommit()
      } catch (error) {
        await giveUp(ending)
        lost = true
        care.doubt(error)
      }
      end()
    },
    undo: async (writer, error) => {
      const ending = current
      if (ending === undefined) return memory.clear()
      const mayBeKept = hasCode(error, 'LOG_APPEND_UNCERTAIN')
      if (ending.groups > 1 && ending.failure === undefined && !isOfIndex(error) && !mayBeKept) {
        try {
          await ending.batch.undo()
          ending.remembered.workstreams.clear()
          ending.groups--
          return
        } catch {
          // SQLite has rolled back all of it.
        }
      }
      await giveUp(ending)
      // Lines that could not be taken back have no rows, like those of somebody who died.
      if (ending.groups === 1 && !ending.lacksRows && !mayBeKept) writer.indexed()
      else {
        lost = true
        care.doubt(error)
      }
      end()
    },
    settled: () => (current === undefined ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

/** Whether an error says that rows of the groups before may be wrong, too. */
function isOfIndex(error: unknown): boolean {
  return !(error instanceof WorkstreamError) || hasCode(error, 'INDEX_UNUSABLE')
}
