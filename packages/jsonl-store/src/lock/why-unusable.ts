import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'
import { errnoOf, WorkstreamError } from '@arawn/core/error'
import { LOCK, TURNSTILE } from './lock-file-names.js'

/** SQLite says only that a lock file cannot be opened; this finds the errno behind it, without opening anything. */
export function whyUnusable(folder: string, cause: unknown): WorkstreamError<'DATA_DIR_UNUSABLE'> {
  const errno = errnoBehind(folder) ?? errnoOf(cause)
  const message = `the write lock in ${folder} cannot be used: ${errno}`
  return new WorkstreamError('DATA_DIR_UNUSABLE', message, { path: folder, errno }, { cause })
}

function errnoBehind(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK)
    for (const name of [LOCK, TURNSTILE]) {
      const stat = statSync(path.join(folder, name), { throwIfNoEntry: false })
      if (stat === undefined) continue
      if (stat.isDirectory()) return 'EISDIR'
      accessSync(path.join(folder, name), constants.W_OK)
    }
    return undefined
  } catch (error) {
    return errnoOf(error)
  }
}
