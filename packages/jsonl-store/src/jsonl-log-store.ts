import { type Clock, systemClock } from '@arawn/core/clock'
import type { FileSystem } from '@arawn/core/file-system'
import type { LogStore, LogWriter } from '@arawn/core/log-store'
import { type Logger, silentLogger } from '@arawn/core/logger'
import { createDelayedSync } from './append/delayed-sync.js'
import { createCalls } from './calls/calls.js'
import { folderToken } from './files/folder-token.js'
import { listWorkstreams, measureAll } from './files/list-workstreams.js'
import { createLogFiles } from './files/log-files.js'
import { measureHeads } from './files/measure-heads.js'
import { createUnindexedMark, type UnindexedMark } from './files/unindexed-mark.js'
import { type LockShare, shareWriteLock } from './lock/shared-write-lock.js'
import { whyUnusable } from './lock/why-unusable.js'
import { nodeFileSystem } from './node-file-system.js'
import { makeDirectories } from './paths/make-directories.js'
import { createWorkstreamPaths } from './paths/workstream-path.js'
import { readLog } from './read/read-log.js'
import { readRange, readRanges } from './read/read-ranges.js'
import { verifyLogs } from './read/verify-logs.js'
import { createQuarantine } from './tail/quarantine.js'
import { createLeftovers } from './trash/leftovers.js'
import { readTrash } from './trash/read-trash.js'
import { createTrash } from './trash/trash.js'
import { createLogWriter } from './writer/log-writer.js'

export interface JsonlLogStoreParts {
  /** Holds a folder for each workstream, and the write lock. Created when it is missing. */
  readonly workstreamsDir: string
  /** Keeps what is cut from torn tails. Created when the first piece comes. */
  readonly quarantineDir: string
  /** Keeps purged workstreams until it is emptied; on the file system of `workstreamsDir`. Created with the first one. */
  readonly trashDir: string
  readonly fileSystem?: FileSystem
  readonly clock?: Clock
  readonly logger?: Logger
}

export interface JsonlLogStoreOptions {
  /** `strict`: acknowledged lines are on disk. `relaxed`: they are within a second; only a power cut loses them. */
  readonly durability: 'strict' | 'relaxed'
}

/**
 * Opens the logs of a data dir: one folder for each workstream, one JSONL file for each of its logs.
 *
 * Any number of stores, in any number of processes, may be open at once. A directory that can only be read is fine
 * until `lock` is called.
 *
 * @throws DATA_DIR_UNUSABLE the folder is not there and cannot be created
 */
export async function openJsonlLogStore(store: JsonlLogStoreParts, options: JsonlLogStoreOptions): Promise<LogStore> {
  const { fileSystem = nodeFileSystem, clock = systemClock, logger = silentLogger } = store
  await makeDirectories(store.workstreamsDir, fileSystem)

  const calls = createCalls('log store')
  const paths = createWorkstreamPaths(store.workstreamsDir, fileSystem)
  const files = createLogFiles(fileSystem, paths)
  const quarantine = createQuarantine(store.quarantineDir, fileSystem, clock)
  const trash = createTrash({ directory: store.trashDir, fileSystem, files, paths, clock })
  const leftovers = createLeftovers({ fileSystem, paths, logger, trash })
  const delayedSync = options.durability === 'relaxed' ? createDelayedSync({ fileSystem, files, logger }) : undefined
  const parts = { calls, fileSystem, files, paths, quarantine, trash, leftovers, logger, delayedSync }
  const reading = { calls, files, paths }
  const writers = new Map<LogWriter, UnindexedMark>()
  const marked = createUnindexedMark(paths.root, fileSystem)
  let share: LockShare | undefined
  let closing: Promise<void> | undefined

  function lockShare(): LockShare {
    try {
      share ??= shareWriteLock(paths.root)
      return share
    } catch (cause) {
      throw whyUnusable(paths.root, cause)
    }
  }

  async function lock(timeoutMs: number): Promise<LogWriter> {
    const held = await lockShare().acquire(timeoutMs)
    const mark = createUnindexedMark(paths.root, fileSystem)
    const writer = createLogWriter({ ...parts, held, mark, onRelease: () => writers.delete(writer) })
    writers.set(writer, mark)
    return writer
  }

  /** While this store holds the lock and has appended, the mark is its own. */
  function unindexed(): string | undefined {
    for (const mark of writers.values()) if (mark.isSet()) return undefined
    return marked.read()
  }

  async function closeAll(): Promise<void> {
    const ended = calls.close()
    share?.sendAway()
    await ended
    for (const writer of writers.keys()) writer.release()
    await delayedSync?.flush()
    files.closeAll()
    share?.leave()
  }

  return {
    listWorkstreams: () => calls.run(() => listWorkstreams(paths, fileSystem)),
    folderToken: () => calls.run(async () => folderToken(paths.root, fileSystem, clock)),
    unindexed: () => calls.run(async () => unindexed()),
    measure: (workstreamId) => calls.run(async () => measureHeads(paths, workstreamId)),
    measureAll: () => calls.run(() => measureAll(paths, fileSystem)),
    read: (workstreamId, log, from, to) => readLog(reading, { workstreamId, log }, from, to),
    readRange: (workstreamId, log, offset, length) =>
      calls.run(() => readRange(reading, { workstreamId, log }, { offset, length })),
    readRanges: (workstreamId, log, ranges) => calls.run(() => readRanges(reading, { workstreamId, log }, ranges)),
    lock: (timeoutMs) => calls.run(() => lock(timeoutMs)),
    verify: (workstreamId) => calls.run(() => verifyLogs(reading, workstreamId)),
    listQuarantine: () => calls.run(async () => quarantine.list()),
    readQuarantine: (name) => calls.run(async () => quarantine.read(name)),
    listTrash: () => calls.run(async () => trash.list()),
    readTrash: (name, log) => readTrash({ calls, fileSystem, trash }, name, log),
    deleteTrash: (name) => calls.run(() => trash.delete(name)),
    listLeftovers: () => calls.run(async () => leftovers.list()),
    close() {
      closing ??= closeAll()
      return closing
    },
  }
}
