import type { FileSystem } from '@arawn/core/file-system'
import type { WorkstreamId } from '@arawn/core/id'
import { logNames } from '@arawn/core/record'
import { restoreConflict, writeFailed } from '../errors/log-failures.js'
import type { LogFiles } from '../files/log-files.js'
import type { LogAddress, WorkstreamPaths } from '../paths/workstream-path.js'

export interface FreePlaceParts {
  readonly fileSystem: FileSystem
  readonly files: LogFiles
  readonly paths: WorkstreamPaths
}

/**
 * Removes a folder that holds nothing, or nothing but empty logs: it is no workstream, yet stands where one is to go.
 *
 * @throws RESTORE_CONFLICT something else is in it; nothing was touched
 */
export function freePlace(parts: FreePlaceParts, workstreamId: WorkstreamId): void {
  const { fileSystem, files, paths } = parts
  if (!paths.folderExists(workstreamId)) return
  const logs = logNames.map((log): LogAddress => ({ workstreamId, log }))
  const emptyLogs = logs.filter((address) => paths.lookAt(address)?.sizeBytes === 0)
  if (countEntries(parts, workstreamId) > emptyLogs.length)
    throw restoreConflict(workstreamId, `${paths.folder(workstreamId)} holds files that are no logs`)
  try {
    for (const address of emptyLogs) {
      // Windows keeps a folder for as long as a file in it is open.
      files.forget(address)
      fileSystem.remove(paths.log(address))
    }
    fileSystem.removeDirectory(paths.folder(workstreamId))
  } catch (cause) {
    throw writeFailed({ workstreamId, log: 'workstream' }, 'create', cause)
  }
}

function countEntries({ fileSystem, paths }: FreePlaceParts, workstreamId: WorkstreamId): number {
  try {
    return fileSystem.readDirectory(paths.folder(workstreamId)).length
  } catch (cause) {
    throw writeFailed({ workstreamId, log: 'workstream' }, 'create', cause)
  }
}
