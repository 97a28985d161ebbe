import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errnoOf, WorkstreamError } from '@arawn/core/error'

/** Bytes that somebody has sent, for as long as they are needed. */
export interface KeptUpload {
  /** From the first to the last, as often as it is called. */
  bytes(): AsyncIterable<Uint8Array>
  remove(): Promise<void>
}

/**
 * Takes an upload down into a file of its own. What is sent slowly is waited for here, not under the write lock, and what
 * is cut off half-way is noticed before anybody looks at it.
 *
 * @throws REQUEST_UNREADABLE the sender has gone
 * @throws LOG_FULL there is no room for it
 */
export async function keepUpload(upload: AsyncIterable<Uint8Array>): Promise<KeptUpload> {
  const folder = await mkdtemp(join(tmpdir(), 'arawn-upload-'))
  const path = join(folder, 'bytes')
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await pipeline(upload, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    await remove()
    throw failure(error)
  }
  return { bytes: () => createReadStream(path, { highWaterMark: 1 << 20 }), remove }
}

function failure(error: unknown): WorkstreamError {
  const errno = errnoOf(error)
  if (errno === 'ENOSPC' || errno === 'EDQUOT')
    return new WorkstreamError('LOG_FULL', 'there is no room for what was sent', { workstreamId: '', log: 'upload' })
  const problem = 'the upload was cut off'
  return new WorkstreamError('REQUEST_UNREADABLE', problem, { problem }, { cause: error })
}
