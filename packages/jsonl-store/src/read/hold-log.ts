import { errnoOf } from '@arawn/core/error'
import type { Calls } from '../calls/calls.js'
import { readFailed } from '../errors/log-failures.js'
import type { LogFile, LogFiles } from '../files/log-files.js'
import type { LogAddress, WorkstreamPaths } from '../paths/workstream-path.js'

export interface ReadParts {
  readonly calls: Calls
  readonly files: LogFiles
  readonly paths: WorkstreamPaths
}

export interface HeldLog {
  readonly log: LogFile
  /** Its size when it was opened. */
  readonly sizeBytes: number
  release(): void
}

/**
 * Opens a log for reading, as it lies at its path now, and keeps it open until `release`.
 *
 * @returns undefined when there is no such log
 * @throws INVALID_WORKSTREAM_ID | LOG_READ_FAILED
 */
export function holdLog({ files, paths }: ReadParts, address: LogAddress): HeldLog | undefined {
  const stat = paths.folderExists(address.workstreamId) ? paths.lookAt(address) : undefined
  if (stat === undefined) return undefined
  try {
    const log = files.open(address, 'read', stat.identity)
    const sizeBytes = log.identity === stat.identity ? stat.sizeBytes : log.file.stat().sizeBytes
    files.hold(log)
    return { log, sizeBytes, release: () => files.release(log) }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw readFailed(address, errnoOf(error), error)
  }
}

/** Runs what reads a log, and says which log when it fails. */
export async function reading<Result>(address: LogAddress, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw readFailed(address, errnoOf(error), error)
  }
}
