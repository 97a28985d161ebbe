/** Makes one log ready for an append: the right file is open, and it ends with a whole line. */

import { errnoOf, hasCode } from '@arawn/core/error'
import type { FileStat } from '@arawn/core/file-system'
import type { LogHead } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import { readFailed, writeFailed } from '../errors/log-failures.js'
import type { LogFile, LogFiles } from '../files/log-files.js'
import { absentHead } from '../files/measure-heads.js'
import type { LogAddress, WorkstreamPaths } from '../paths/workstream-path.js'
import { endsWithNewline, wholeLineBytes } from './measure-log-tail.js'
import type { Quarantine } from './quarantine.js'

export interface LogPreparation {
  readonly files: LogFiles
  readonly paths: WorkstreamPaths
  readonly quarantine: Quarantine
  readonly logger: Logger
}

/**
 * The head of a log that is as this process left it, found without opening anything.
 *
 * @returns undefined when somebody has touched it, or when it was never looked at
 */
export function unchangedHead({ files, paths }: LogPreparation, address: LogAddress): LogHead | undefined {
  const log = files.opened(address)
  const stat = paths.lookAt(address)
  if (stat === undefined) return log === undefined ? absentHead : undefined
  if (log === undefined || !isAsKnown(log, stat) || !endsWhole(log, stat)) return undefined
  return { bytes: stat.sizeBytes, generation: log.identity }
}

/**
 * The same, a moment after all three logs were found unchanged under a write lock that is still held: nobody else may
 * write. The log that grows is looked at even so.
 */
export function headAfterMoment(parts: LogPreparation, address: LogAddress): LogHead | undefined {
  if (address.log === 'messages') return unchangedHead(parts, address)
  const log = parts.files.opened(address)
  if (log?.writable !== true || log.knownBytes === undefined) return undefined
  return { bytes: log.knownBytes, generation: log.identity }
}

function isAsKnown({ writable, identity, knownBytes }: LogFile, stat: FileStat): boolean {
  return writable && identity === stat.identity && knownBytes === stat.sizeBytes
}

/** Only the holder of the write lock may call this: to everybody else a line being written looks torn. */
export async function prepareLog(parts: LogPreparation, address: LogAddress): Promise<LogHead> {
  const unchanged = unchangedHead(parts, address)
  if (unchanged !== undefined && unchanged !== absentHead) return unchanged
  const stat = parts.paths.lookAt(address)
  const log = stat === undefined ? undefined : openThere(parts, address, stat.identity)
  if (log === undefined) {
    parts.files.forget(address)
    return absentHead
  }
  parts.files.hold(log)
  try {
    return await lookAtTail(parts, log)
  } finally {
    parts.files.release(log)
  }
}

/**
 * The size alone does not say it: somebody may have put other bytes, torn ones, in place of those that we know. A file
 * that ended whole and has not been written to since then still does.
 */
function endsWhole(log: LogFile, { sizeBytes, modifiedMs }: FileStat): boolean {
  if (log.wholeSinceMs === modifiedMs) return true
  try {
    const whole = endsWithNewline(log.file, sizeBytes)
    // Two changes within the clock tick of a file system have the same time.
    if (whole && Date.now() - modifiedMs > COARSEST_TICK_MS) log.wholeSinceMs = modifiedMs
    return whole
  } catch (error) {
    throw readFailed(log.address, errnoOf(error), error)
  }
}

/** FAT and exFAT count in two seconds; twice that, for a clock that is a little off. */
const COARSEST_TICK_MS = 4_000

/** undefined when it went away in between. */
function openThere({ files }: LogPreparation, address: LogAddress, identity: string): LogFile | undefined {
  try {
    return files.open(address, 'append', identity)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw writeFailed(address, 'open', error)
  }
}

async function lookAtTail(parts: LogPreparation, log: LogFile): Promise<LogHead> {
  const { sizeBytes, keepBytes } = measure(log)
  if (keepBytes < sizeBytes) await cutTail(parts, log, keepBytes, sizeBytes)
  log.knownBytes = keepBytes
  // Whoever wrote these lines may have died before they were on disk.
  log.unsynced = true
  return { bytes: keepBytes, generation: log.identity }
}

function measure({ file, address }: LogFile): { sizeBytes: number; keepBytes: number } {
  try {
    const { sizeBytes } = file.stat()
    return { sizeBytes, keepBytes: wholeLineBytes(file, sizeBytes) }
  } catch (error) {
    throw readFailed(address, errnoOf(error), error)
  }
}

async function cutTail(parts: LogPreparation, log: LogFile, keepBytes: number, sizeBytes: number): Promise<void> {
  const { address, file } = log
  log.knownBytes = undefined
  let location: string
  try {
    location = await parts.quarantine.keep(address, file, keepBytes, sizeBytes)
  } catch (error) {
    if (hasCode(error, 'DATA_DIR_UNUSABLE')) throw writeFailed(address, 'quarantine', error, error.details.errno)
    throw writeFailed(address, 'quarantine', error)
  }
  try {
    file.truncate(keepBytes)
  } catch (error) {
    throw writeFailed(address, 'truncate', error)
  }
  parts.logger.warn('cut a torn line from a log and kept it', {
    ...address,
    offset: keepBytes,
    bytes: sizeBytes - keepBytes,
    location,
  })
}
