/** Turns what the operating system said into typed errors about one log. */

import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { FileStat } from '@arawn/core/file-system'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogAddress } from '../paths/workstream-path.js'

export type WriteOperation = 'create' | 'open' | 'write' | 'sync' | 'truncate' | 'quarantine' | 'lock' | 'rename'

export function readFailed(address: LogAddress, errno: string, cause?: unknown): WorkstreamError<'LOG_READ_FAILED'> {
  const { workstreamId, log } = address
  return new WorkstreamError(
    'LOG_READ_FAILED',
    `cannot read ${log} of ${workstreamId}: ${errno}`,
    { workstreamId, log, errno },
    { cause },
  )
}

/** A full disk and a used-up quota have a code of their own: the answer to both is to make room. */
export function writeFailed(
  address: LogAddress,
  operation: WriteOperation,
  cause: unknown,
  errno = errnoOf(cause),
): WorkstreamError<'LOG_FULL' | 'LOG_WRITE_FAILED'> {
  const { workstreamId, log } = address
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    const message = `no room to ${operation} ${log} of ${workstreamId} (${errno}); the log is as it was`
    return new WorkstreamError('LOG_FULL', message, { workstreamId, log }, { cause })
  }
  const message = `cannot ${operation} ${log} of ${workstreamId}: ${errno}; the log is as it was`
  return new WorkstreamError('LOG_WRITE_FAILED', message, { workstreamId, log, operation, errno }, { cause })
}

export function appendUncertain(address: LogAddress, cause: unknown): WorkstreamError<'LOG_APPEND_UNCERTAIN'> {
  const { workstreamId, log } = address
  const errno = errnoOf(cause)
  return new WorkstreamError(
    'LOG_APPEND_UNCERTAIN',
    `an append to ${log} of ${workstreamId} failed and could not be taken back: ${errno}`,
    { workstreamId, log, errno },
    { cause },
  )
}

export function restoreConflict(
  workstreamId: WorkstreamId,
  problem = `there is already a workstream ${workstreamId}`,
): WorkstreamError<'RESTORE_CONFLICT'> {
  return new WorkstreamError('RESTORE_CONFLICT', problem, { workstreamId })
}

export function trashEntryNotFound(name: string): WorkstreamError<'TRASH_ENTRY_NOT_FOUND'> {
  return new WorkstreamError('TRASH_ENTRY_NOT_FOUND', `the trash holds nothing by the name ${name}`, { name })
}

/** The errno that opening would give for something that is there but is no regular file. */
export function errnoOfKind(stat: FileStat): string {
  if (stat.isLink) return 'ELOOP'
  return stat.isDirectory ? 'EISDIR' : 'EINVAL'
}
