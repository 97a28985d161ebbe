import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { AppendEntry, LogHeads, LogWriter } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { encodeGroup } from '../append/encode-lines.js'
import { type AppendParts, appendGroup } from '../append/group-append.js'
import type { Calls } from '../calls/calls.js'
import { restoreConflict, trashEntryNotFound, writeFailed } from '../errors/log-failures.js'
import { headsOf } from '../files/measure-heads.js'
import type { UnindexedMark } from '../files/unindexed-mark.js'
import type { HeldLock } from '../lock/write-lock.js'
import type { LogAddress } from '../paths/workstream-path.js'
import { freePlace } from '../restore/free-place.js'
import { restoreWorkstream } from '../restore/restore-workstream.js'
import { headAfterMoment, prepareLog, unchangedHead } from '../tail/prepare-log.js'
import type { Leftovers } from '../trash/leftovers.js'
import type { Trash } from '../trash/trash.js'

export interface LogWriterParts extends AppendParts {
  readonly calls: Calls
  readonly held: HeldLock
  readonly mark: UnindexedMark
  readonly trash: Trash
  readonly leftovers: Leftovers
  readonly onRelease: () => void
}

/** What the holder of the write lock does. The lock goes back once the calls under way have ended. */
export function createLogWriter(parts: LogWriterParts): LogWriter {
  const { calls, held, mark, paths, trash, leftovers } = parts
  /** When all logs of a workstream were last looked at, by `performance.now()`. */
  const prepared = new Map<WorkstreamId, number>()
  let underWay = 0
  let released = false

  async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (released) throw new WorkstreamError('INTERNAL', lateUse, { problem: lateUse })
    underWay += 1
    try {
      return await calls.run(work)
    } finally {
      underWay -= 1
      if (released) giveBack()
    }
  }

  function giveBack(): void {
    if (underWay > 0) return
    mark.close()
    held.release()
    parts.onRelease()
  }

  async function prepare(workstreamId: WorkstreamId): Promise<LogHeads | undefined> {
    const now = performance.now()
    if (now - (prepared.get(workstreamId) ?? Number.NEGATIVE_INFINITY) < LOOK_AGAIN_AFTER_MS) {
      const heads = headsBy(headAfterMoment, workstreamId)
      if (heads !== undefined) return heads
    }
    const heads = await lookAtAll(workstreamId)
    prepared.set(workstreamId, now)
    return heads
  }

  /**
   * While the disk is busy: what is looked at now need not be looked at before the next append. Whatever is not as we left it,
   * or cannot be looked at, that append finds for itself.
   */
  function lookAhead(workstreamId: WorkstreamId): void {
    try {
      held.isCurrent()
      held.shouldYield()
      const now = performance.now()
      if (now - (prepared.get(workstreamId) ?? now) < LOOK_AGAIN_AFTER_MS) return
      if (unchangedHeads(workstreamId) !== undefined) prepared.set(workstreamId, now)
    } catch {
      // To throw here would be to leave an append that is under way.
    }
  }

  async function lookAtAll(workstreamId: WorkstreamId): Promise<LogHeads | undefined> {
    const unchanged = unchangedHeads(workstreamId)
    if (unchanged !== undefined) return unchanged
    if (!paths.folderExists(workstreamId)) {
      for (const log of logNames) parts.files.forget({ workstreamId, log })
      return undefined
    }
    return headsOf(
      await prepareLog(parts, { workstreamId, log: 'workstream' }),
      await prepareLog(parts, { workstreamId, log: 'sessions' }),
      await prepareLog(parts, { workstreamId, log: 'messages' }),
    )
  }

  function unchangedHeads(workstreamId: WorkstreamId): LogHeads | undefined {
    const heads = headsBy(unchangedHead, workstreamId)
    // The same logs may be reached through a link that has taken the place of their folder.
    return heads !== undefined && paths.folderExists(workstreamId) ? heads : undefined
  }

  function headsBy(headOf: typeof unchangedHead, workstreamId: WorkstreamId): LogHeads | undefined {
    const [workstream, sessions, messages] = logNames.map((log) => headOf(parts, { workstreamId, log }))
    if (workstream === undefined || sessions === undefined || messages === undefined) return undefined
    return headsOf(workstream, sessions, messages)
  }

  function checkLock(address: LogAddress): void {
    if (!held.isCurrent()) throw writeFailed(address, 'lock', lostLock)
  }

  /** The last thing before there are lines that the index lacks. */
  function announce(address: LogAddress): void {
    checkLock(address)
    try {
      mark.set()
    } catch (cause) {
      throw writeFailed(address, 'write', cause)
    }
  }

  return {
    prepare: (workstreamId) => run(() => prepare(workstreamId)),
    append: (entries: readonly AppendEntry[]) =>
      run(async () => {
        const group = encodeGroup(entries)
        const first = group[0]
        if (first === undefined) return
        for (const { address } of group) {
          if (!prepared.has(address.workstreamId)) await prepare(address.workstreamId)
        }
        announce(first.address)
        const appended = appendGroup(parts, group)
        lookAhead(first.address.workstreamId)
        await appended
      }),
    restore: (workstreamId, lines) =>
      run(async () => {
        if ((await prepare(workstreamId)) !== undefined) throw restoreConflict(workstreamId)
        checkLock({ workstreamId, log: 'workstream' })
        await restoreWorkstream({ ...parts, announce }, workstreamId, lines)
      }),
    trash: (workstreamId) =>
      run(async () => {
        if ((await prepare(workstreamId)) === undefined) return undefined
        checkLock({ workstreamId, log: 'workstream' })
        prepared.delete(workstreamId)
        return trash.moveIn(workstreamId)
      }),
    restoreTrash: (name) =>
      run(async () => {
        const entry = trash.find(name)
        if (entry === undefined) throw trashEntryNotFound(name)
        const { workstreamId } = entry
        if ((await prepare(workstreamId)) !== undefined) throw restoreConflict(workstreamId)
        freePlace(parts, workstreamId)
        announce({ workstreamId, log: 'workstream' })
        prepared.delete(workstreamId)
        await trash.moveOut(entry)
        return workstreamId
      }),
    removeLeftovers: () => run(async () => leftovers.remove()),
    indexed: () => mark.clear(),
    indexedBeforeLast: () => mark.setAnew(),
    shouldYield: () => held.shouldYield(),
    release() {
      if (released) return
      released = true
      giveBack()
    },
  }
}

const lateUse = 'a log writer was used after it gave the write lock back'

/**
 * A sender alone appends every half a millisecond, and a look at everything costs a tenth of that. Who writes without
 * the lock may come between a look and the write at any time.
 */
const LOOK_AGAIN_AFTER_MS = 2

/** Its lock file was deleted: another process may believe that it holds the lock. */
const lostLock = Object.assign(new Error('the lock file is no longer the one that was locked'), { code: 'ESTALE' })
