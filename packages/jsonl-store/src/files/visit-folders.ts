import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import type { WorkstreamPaths } from '../paths/workstream-path.js'

/** Visits each folder that has an id for a name, ascending, and lets others run in between. Links are left out. */
export async function visitFolders(
  paths: WorkstreamPaths,
  fileSystem: FileSystem,
  visit: (workstreamId: WorkstreamId) => void,
): Promise<void> {
  const ids = readNames(paths, fileSystem).filter(isWorkstreamId).sort()
  for (const [place, workstreamId] of ids.entries()) {
    if (place % PAUSE_EVERY === PAUSE_EVERY - 1) await new Promise((resolve) => setImmediate(resolve))
    visit(workstreamId)
  }
}

/** About a millisecond of work. */
const PAUSE_EVERY = 128

function readNames(paths: WorkstreamPaths, fileSystem: FileSystem): readonly string[] {
  try {
    return fileSystem.readSubdirectories(paths.root)
  } catch (cause) {
    const errno = errnoOf(cause)
    const message = `cannot list the workstreams in ${paths.root}: ${errno}`
    throw new WorkstreamError('DATA_DIR_UNUSABLE', message, { path: paths.root, errno }, { cause })
  }
}
