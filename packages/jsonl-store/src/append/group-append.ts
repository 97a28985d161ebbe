/**
 * Appends to any number of logs as one: all of it is on disk afterwards, or every log is as it was.
 *
 * ```
 *  open all ─► write each ─► sync all together ─► done
 *                 └────────────┴── failed ─► cut each back ─► typed error
 *                                                └── failed ─► LOG_APPEND_UNCERTAIN; the next prepare looks again
 * ```
 */

import type { FileSystem } from '@arawn/core/file-system'
import { logNames } from '@arawn/core/record'
import { appendUncertain, type WriteOperation, writeFailed } from '../errors/log-failures.js'
import type { LogFile } from '../files/log-files.js'
import { writeFully } from '../files/write-fully.js'
import type { LogAddress } from '../paths/workstream-path.js'
import { type LogPreparation, prepareLog } from '../tail/prepare-log.js'
import type { DelayedSync } from './delayed-sync.js'
import type { EncodedLines } from './encode-lines.js'

export interface AppendParts extends LogPreparation {
  readonly fileSystem: FileSystem
  /** Given when an append may be acknowledged before it is on disk. */
  readonly delayedSync: DelayedSync | undefined
}

interface Write {
  readonly log: LogFile
  readonly lines: Uint8Array
  readonly bytesBefore: number
}

/** What went wrong, and where. */
interface Failure {
  readonly address: LogAddress
  readonly operation: WriteOperation
  readonly cause: unknown
}

export async function appendGroup(parts: AppendParts, group: readonly EncodedLines[]): Promise<void> {
  const writes: Write[] = []
  try {
    for (const { address, bytes } of group) {
      // Without waiting for it where it is open: whoever asks has other work to do once the disk has some.
      const log = openedForAppend(parts, address) ?? (await openForAppend(parts, address))
      parts.files.hold(log)
      writes.push({ log, lines: bytes, bytesBefore: log.knownBytes ?? 0 })
    }
    await writeAndSync(parts, writes)
  } finally {
    for (const { log } of writes) parts.files.release(log)
  }
}

async function openForAppend(parts: AppendParts, address: LogAddress): Promise<LogFile> {
  await prepareLog(parts, address)
  const prepared = openedForAppend(parts, address)
  if (prepared !== undefined) return prepared
  const created = createLog(parts, address)
  // Empty, unless somebody who ignores the lock was quicker.
  await prepareLog(parts, address)
  return openedForAppend(parts, address) ?? created
}

function openedForAppend({ files }: AppendParts, address: LogAddress): LogFile | undefined {
  const log = files.opened(address)
  return log?.writable === true && log.knownBytes !== undefined ? log : undefined
}

function createLog({ fileSystem, files, paths }: AppendParts, address: LogAddress): LogFile {
  const folderExists = paths.folderExists(address.workstreamId)
  try {
    if (!folderExists) fileSystem.makeDirectory(paths.folder(address.workstreamId))
    const log = files.open(address, 'append', undefined)
    log.knownBytes = 0
    return log
  } catch (error) {
    throw writeFailed(address, 'create', error)
  }
}

async function writeAndSync(parts: AppendParts, writes: readonly Write[]): Promise<void> {
  const failure = writeAll(writes) ?? (await syncAll(parts, writes))
  if (failure === undefined) return
  await takeBack(parts, writes)
  throw writeFailed(failure.address, failure.operation, failure.cause)
}

function writeAll(writes: readonly Write[]): Failure | undefined {
  for (const { log, lines, bytesBefore } of writes) {
    try {
      writeFully(log.file, lines)
      log.knownBytes = bytesBefore + lines.byteLength
    } catch (cause) {
      return { address: log.address, operation: 'write', cause }
    }
  }
  return undefined
}

/** Resolves once every sync has ended, so that nothing is cut or closed under one that still runs. */
async function syncAll(parts: AppendParts, writes: readonly Write[]): Promise<Failure | undefined> {
  const logs = logsToSync(parts, writes)
  const directories = directoriesToSync(parts, writes)
  if (parts.delayedSync !== undefined) {
    parts.delayedSync.add(logs, directories)
    return undefined
  }
  const failures = await Promise.all([
    ...logs.map((log) => syncLog(parts, log)),
    ...[...directories].map(([path, address]) => syncDirectory(parts, path, address)),
  ])
  return failures.find((failure) => failure !== undefined)
}

async function syncLog({ files }: AppendParts, log: LogFile): Promise<Failure | undefined> {
  files.hold(log)
  try {
    await log.file.sync()
    log.unsynced = false
    return undefined
  } catch (cause) {
    // The kernel forgets what it could not write: a second sync of this descriptor would succeed and mean nothing.
    files.forget(log.address)
    return { address: log.address, operation: 'sync', cause }
  } finally {
    files.release(log)
  }
}

async function syncDirectory(parts: AppendParts, path: string, address: LogAddress): Promise<Failure | undefined> {
  try {
    await parts.fileSystem.syncDirectory(path)
    return undefined
  } catch (cause) {
    return { address, operation: 'sync', cause }
  }
}

/** The logs written, and their neighbours in which somebody who died left lines that may not be on disk. */
function logsToSync({ files }: AppendParts, writes: readonly Write[]): LogFile[] {
  const logs = new Set(writes.map(({ log }) => log))
  for (const { log } of writes) {
    for (const name of logNames) {
      const neighbour = files.opened({ workstreamId: log.address.workstreamId, log: name })
      if (neighbour?.unsynced === true && neighbour.writable) logs.add(neighbour)
    }
  }
  return [...logs]
}

/** A log's first bytes need its name to be on disk as well, and that of its folder. */
function directoriesToSync({ paths }: AppendParts, writes: readonly Write[]): Map<string, LogAddress> {
  const directories = new Map<string, LogAddress>()
  for (const { log, bytesBefore } of writes) {
    if (bytesBefore > 0) continue
    directories.set(paths.root, log.address)
    directories.set(paths.folder(log.address.workstreamId), log.address)
  }
  return directories
}

/** Last log first, so that a crash in between leaves no line whose reference is gone. */
async function takeBack({ files }: AppendParts, writes: readonly Write[]): Promise<void> {
  let uncertain: Failure | undefined
  for (const { log, bytesBefore } of [...writes].reverse()) {
    try {
      log.file.truncate(bytesBefore)
      log.knownBytes = bytesBefore
    } catch (cause) {
      log.knownBytes = undefined
      files.forget(log.address)
      uncertain = { address: log.address, operation: 'truncate', cause }
    }
  }
  await Promise.allSettled(writes.map(({ log }) => log.file.sync()))
  if (uncertain !== undefined) throw appendUncertain(uncertain.address, uncertain.cause)
}
