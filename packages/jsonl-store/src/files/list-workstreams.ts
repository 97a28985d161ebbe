import type { FileSystem } from '@arawn/core/file-system'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogHeads } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import type { WorkstreamPaths } from '../paths/workstream-path.js'
import { measureLogs } from './measure-heads.js'
import { visitFolders } from './visit-folders.js'

/** Ids of the folders that hold a log with at least one byte, ascending. Links and other things are left out. */
export async function listWorkstreams(paths: WorkstreamPaths, fileSystem: FileSystem): Promise<WorkstreamId[]> {
  const found: WorkstreamId[] = []
  await visitFolders(paths, fileSystem, (workstreamId) => {
    if (holdsLog(paths, workstreamId)) found.push(workstreamId)
  })
  return found
}

/** The same workstreams with their sizes. Looks at each log once: of many workstreams, that is what takes the time. */
export async function measureAll(
  paths: WorkstreamPaths,
  fileSystem: FileSystem,
): Promise<Map<WorkstreamId, LogHeads | undefined>> {
  const found = new Map<WorkstreamId, LogHeads | undefined>()
  await visitFolders(paths, fileSystem, (workstreamId) => {
    try {
      const heads = measureLogs(paths, workstreamId)
      if (heads !== undefined) found.set(workstreamId, heads)
    } catch {
      if (holdsLog(paths, workstreamId)) found.set(workstreamId, undefined)
    }
  })
  return found
}

function holdsLog(paths: WorkstreamPaths, workstreamId: WorkstreamId): boolean {
  try {
    return logNames.some((log) => (paths.lookAt({ workstreamId, log })?.sizeBytes ?? 0) > 0)
  } catch {
    return false
  }
}
