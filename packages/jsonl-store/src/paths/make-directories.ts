import path from 'node:path'
import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'

/**
 * Creates a directory and the missing ones above it, each made durable in its parent.
 *
 * @throws DATA_DIR_UNUSABLE it is not there and cannot be made, or something else lies in its place
 */
export async function makeDirectories(directory: string, fileSystem: FileSystem): Promise<void> {
  try {
    await make(path.resolve(directory), fileSystem)
  } catch (cause) {
    const errno = errnoOf(cause)
    const message = `cannot use the directory ${directory}: ${errno}`
    throw new WorkstreamError('DATA_DIR_UNUSABLE', message, { path: directory, errno }, { cause })
  }
}

async function make(directory: string, fileSystem: FileSystem): Promise<void> {
  const stat = fileSystem.stat(directory)
  if (stat?.isDirectory === true) return
  if (stat !== undefined) throw Object.assign(new Error(`${directory} is no directory`), { code: 'ENOTDIR' })
  const parent = path.dirname(directory)
  await make(parent, fileSystem)
  fileSystem.makeDirectory(directory)
  await fileSystem.syncDirectory(parent)
}
