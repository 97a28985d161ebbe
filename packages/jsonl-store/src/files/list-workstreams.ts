import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import { logNames } from '@arawn/core/record'
import type { WorkstreamPaths } from '../paths/workstream-path.js'

/** Ids of the folders that hold a log with at least one byte, ascending. Links and other things are left out. */
export async function listWorkstreams(paths: WorkstreamPaths, fileSystem: FileSystem): Promise<WorkstreamId[]> {
  const candidates = readNames(paths, fileSystem).filter(isWorkstreamId).sort()
  const found: WorkstreamId[] = []
  for (const [place, workstreamId] of candidates.entries()) {
    if (place % PAUSE_EVERY === PAUSE_EVERY - 1) await new Promise((resolve) => setImmediate(resolve))
    if (holdsLog(paths, workstreamId)) found.push(workstreamId)
  }
  return found
}

/** About a millisecond of work. */
const PAUSE_EVERY = 128

function readNames(paths: WorkstreamPaths, fileSystem: FileSystem): readonly string[] {
  try {
    return fileSystem.readDirectory(paths.root)
  } catch (cause) {
    const errno = errnoOf(cause)
    const message = `cannot list the workstreams in ${paths.root}: ${errno}`
    throw new WorkstreamError('DATA_DIR_UNUSABLE', message, { path: paths.root, errno }, { cause })
  }
}

function holdsLog(paths: WorkstreamPaths, workstreamId: WorkstreamId): boolean {
  try {
    if (!paths.folderExists(workstreamId)) return false
    return logNames.some((log) => (paths.lookAt({ workstreamId, log })?.sizeBytes ?? 0) > 0)
  } catch {
    return false
  }
}
