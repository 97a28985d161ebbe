import { errnoOf } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'
import type { Logger } from '@arawn/core/logger'
import type { LogFile, LogFiles } from '../files/log-files.js'

/** For `durability: 'relaxed'`: what was acknowledged is on disk within a second, not at once. */
export interface DelayedSync {
  add(logs: Iterable<LogFile>, directories: ReadonlyMap<string, unknown>): void
  /** Resolves once all that was added is on disk, or could not be put there. */
  flush(): Promise<void>
}

export interface DelayedSyncParts {
  readonly fileSystem: FileSystem
  readonly files: LogFiles
  readonly logger: Logger
}

export function createDelayedSync(parts: DelayedSyncParts, delayMs = 1000): DelayedSync {
  const { fileSystem, files, logger } = parts
  let logs = new Set<LogFile>()
  let directories = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function syncAll(dirtyLogs: Set<LogFile>, dirtyDirectories: Set<string>): Promise<void> {
    await Promise.all([
      ...[...dirtyLogs].map(syncLog),
      ...[...dirtyDirectories].map((path) => fileSystem.syncDirectory(path).catch((error) => warn(error, { path }))),
    ])
  }

  async function syncLog(log: LogFile): Promise<void> {
    try {
      await log.file.sync()
      log.unsynced = false
    } catch (error) {
      if (files.opened(log.address) === log) files.forget(log.address)
      warn(error, { ...log.address })
    } finally {
      files.release(log)
    }
  }

  function warn(error: unknown, facts: Record<string, unknown>): void {
    logger.warn('lines that were acknowledged could not be synced', { ...facts, errno: errnoOf(error) })
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const [dirtyLogs, dirtyDirectories] = [logs, directories]
    logs = new Set()
    directories = new Set()
    running = running.then(() => syncAll(dirtyLogs, dirtyDirectories))
    return running
  }

  return {
    add(moreLogs, moreDirectories) {
      for (const log of moreLogs) {
        if (logs.has(log)) continue
        files.hold(log)
        logs.add(log)
      }
      for (const path of moreDirectories.keys()) directories.add(path)
      if (logs.size >= MAX_DIRTY_LOGS) void flush()
      // A process may end without waiting: what was written survives it, only a power cut would not be survived.
      else timer ??= setTimeout(flush, delayMs).unref()
    },
    flush,
  }
}

/** Each keeps a descriptor open. */
const MAX_DIRTY_LOGS = 64
