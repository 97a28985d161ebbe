/**
 * Where a workstream lies. The only place that builds a path from an id, so the only one that has to refuse:
 * ids that are no ids, and folders that are links to somewhere else.
 */

import path from 'node:path'
import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { FileStat, FileSystem } from '@arawn/core/file-system'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import type { LogName } from '@arawn/core/record'
import { errnoOfKind, readFailed } from '../errors/log-failures.js'

export interface LogAddress {
  readonly workstreamId: WorkstreamId
  readonly log: LogName
}

export interface WorkstreamPaths {
  /** The folder that holds all workstreams. */
  readonly root: string
  /** @throws INVALID_WORKSTREAM_ID */
  folder(workstreamId: WorkstreamId): string
  log(address: LogAddress): string
  /**
   * @returns false when there is no such folder
   * @throws INVALID_WORKSTREAM_ID | LOG_READ_FAILED it is a link or a file
   */
  folderExists(workstreamId: WorkstreamId): boolean
  /**
   * @returns undefined when the log is not there
   * @throws INVALID_WORKSTREAM_ID | LOG_READ_FAILED it is no regular file
   */
  lookAt(address: LogAddress): FileStat | undefined
}

export function createWorkstreamPaths(workstreamsDir: string, fileSystem: FileSystem): WorkstreamPaths {
  const root = path.resolve(workstreamsDir)
  /** Most calls ask for the same one as the call before. */
  let last: { workstreamId: WorkstreamId; folder: string } | undefined

  function folder(workstreamId: WorkstreamId): string {
    if (last === undefined || workstreamId !== last.workstreamId) {
      checkWorkstreamId(workstreamId)
      last = { workstreamId, folder: `${root}${path.sep}${workstreamId}` }
    }
    return last.folder
  }

  function log(address: LogAddress): string {
    return `${folder(address.workstreamId)}${path.sep}${address.log}.jsonl`
  }

  function linkStat(location: string, address: LogAddress): FileStat | undefined {
    try {
      return fileSystem.linkStat(location)
    } catch (error) {
      throw readFailed(address, errnoOf(error), error)
    }
  }

  return {
    root,
    folder,
    log,
    folderExists(workstreamId) {
      const stat = linkStat(folder(workstreamId), { workstreamId, log: 'workstream' })
      if (stat === undefined) return false
      if (stat.isDirectory) return true
      throw readFailed({ workstreamId, log: 'workstream' }, stat.isLink ? 'ELOOP' : 'ENOTDIR')
    },
    lookAt(address) {
      const stat = linkStat(log(address), address)
      if (stat === undefined || stat.isFile) return stat
      throw readFailed(address, errnoOfKind(stat))
    },
  }
}

export function checkWorkstreamId(workstreamId: string): void {
  if (typeof workstreamId === 'string' && isWorkstreamId(workstreamId)) return
  const shown = String(workstreamId).slice(0, 100)
  throw new WorkstreamError('INVALID_WORKSTREAM_ID', `${JSON.stringify(shown)} is no workstream id`, {
    workstreamId: shown,
  })
}
