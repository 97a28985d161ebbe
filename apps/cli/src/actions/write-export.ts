import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { errnoOf, WorkstreamError } from '@arawn/core/error'
import { badOption } from '../commands/options.js'

interface WriteOptions {
  /** Whether it may take the place of a file that is there. */
  readonly force: boolean
  readonly interrupted: AbortSignal
}

/**
 * Where an export to this path goes: behind a link, what it leads to. A rename would put a file in the place of a device
 * or a link, and nothing would be left of those.
 *
 * @throws EXPORT_TARGET_EXISTS
 */
export function exportTarget(path: string, { force }: { readonly force: boolean }): string {
  const there = attempt(path, () => statSync(path, { throwIfNoEntry: false }))
  if (there === undefined) return path
  if (!there.isFile())
    throw badOption(
      '--output',
      `${path} cannot be written: ${there.isDirectory() ? 'EISDIR' : 'it is no regular file'}`,
    )
  if (!force) throw taken(path)
  return attempt(path, () => realpathSync(path))
}

/**
 * Writes into a file beside it first: a half-written export is never taken for a whole one.
 *
 * @returns how many bytes were written
 */
export async function writeExport(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  { force, interrupted }: WriteOptions,
): Promise<number> {
  const partial = `${path}.${process.pid}.partial`
  const descriptor = attempt(path, () => openSync(partial, 'wx'))
  let bytes = 0
  try {
    try {
      for await (const piece of pieces) {
        interrupted.throwIfAborted()
        attempt(path, () => writeFileSync(descriptor, piece))
        bytes += Buffer.byteLength(piece)
      }
      attempt(path, () => fsyncSync(descriptor))
    } finally {
      closeSync(descriptor)
    }
    attempt(path, () => (force ? renameSync(partial, path) : place(partial, path)))
    return bytes
  } finally {
    rmSync(partial, { force: true })
  }
}

/** A rename would overwrite what somebody has put there meanwhile; a link does not. */
function place(partial: string, path: string): void {
  try {
    linkSync(partial, path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw taken(path)
    // Some file systems know no links.
    if (existsSync(path)) throw taken(path)
    renameSync(partial, path)
  }
}

function taken(path: string): WorkstreamError<'EXPORT_TARGET_EXISTS'> {
  return new WorkstreamError('EXPORT_TARGET_EXISTS', `${path} is there already`, { path })
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof WorkstreamError) throw error
    throw badOption('--output', `${path} cannot be written: ${errnoOf(error)}`)
  }
}
