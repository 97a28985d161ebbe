import path from 'node:path'
import type { FileSystem } from '@arawn/core/file-system'

/** Why a folder could not be moved, and where it is now. */
export interface RenameFailure {
  readonly operation: 'rename' | 'sync'
  readonly cause: unknown
  /** False: it has its new name, but not surely after a power cut. */
  readonly isWhereItWas: boolean
}

/**
 * Gives a folder another place of the same file system; resolves once that is on disk. The new place is synced first, so
 * that a power cut in between leaves two names at worst, never none.
 *
 * @returns undefined when it worked; else it was put back, if that was possible
 */
export async function renameDurably(
  fileSystem: FileSystem,
  from: string,
  to: string,
): Promise<RenameFailure | undefined> {
  try {
    fileSystem.rename(from, to)
  } catch (cause) {
    return { operation: 'rename', cause, isWhereItWas: true }
  }
  const folders = [...new Set([path.dirname(to), path.dirname(from)])]
  try {
    for (const folder of folders) await fileSystem.syncDirectory(folder)
    return undefined
  } catch (cause) {
    return { operation: 'sync', cause, isWhereItWas: await putBack(fileSystem, { from, to }, folders) }
  }
}

async function putBack(
  fileSystem: FileSystem,
  { from, to }: { from: string; to: string },
  folders: readonly string[],
): Promise<boolean> {
  try {
    fileSystem.rename(to, from)
  } catch {
    return false
  }
  await Promise.allSettled(folders.map((folder) => fileSystem.syncDirectory(folder)))
  return true
}
