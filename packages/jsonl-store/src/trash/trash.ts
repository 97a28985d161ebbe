/**
 * Where purged workstreams lie until somebody empties it.
 *
 * ```
 *  workstreams/<id>/ ──move in──► trash/<time>.<id>/ ──delete──► trash/.deleting-<uuid>/ ──► nothing
 *                    ◄──move out──
 * ```
 *
 * Each arrow but the last is one rename: whoever dies leaves the folder on one side of it, whole.
 */

import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Clock } from '@arawn/core/clock'
import { errnoOf, hasCode, WorkstreamError } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'
import type { WorkstreamId } from '@arawn/core/id'
import type { TrashedWorkstream } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import { appendUncertain, writeFailed } from '../errors/log-failures.js'
import type { LogFiles } from '../files/log-files.js'
import { makeDirectories } from '../paths/make-directories.js'
import type { LogAddress, WorkstreamPaths } from '../paths/workstream-path.js'
import { removeTree } from './remove-tree.js'
import { type RenameFailure, renameDurably } from './rename-durably.js'
import { parseTrashName, trashName } from './trash-name.js'

export interface Trash {
  /** Oldest first. @throws DATA_DIR_UNUSABLE */
  list(): TrashedWorkstream[]
  /** @returns undefined when there is no such entry */
  find(name: string): TrashedWorkstream | undefined
  /** Where a log of an entry lies. */
  log(name: string, log: LogName): string
  /** Only the holder of the write lock may call it, for a workstream that is there. */
  moveIn(workstreamId: WorkstreamId): Promise<TrashedWorkstream>
  /** The same, for an entry whose place is free. */
  moveOut(entry: TrashedWorkstream): Promise<void>
  /** @returns false when there is no such entry */
  delete(name: string): Promise<boolean>
  /** Folders of deletions that were not finished. */
  leftovers(): string[]
  removeLeftovers(): void
}

export interface TrashParts {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly files: LogFiles
  readonly paths: WorkstreamPaths
  readonly clock: Clock
}

export function createTrash({ directory, fileSystem, files, paths, clock }: TrashParts): Trash {
  const locationOf = (name: string) => path.join(directory, name)
  const logOf = (name: string, log: LogName) => path.join(directory, name, `${log}.jsonl`)

  function names(): readonly string[] {
    try {
      return fileSystem.stat(directory) === undefined ? [] : fileSystem.readDirectory(directory)
    } catch (cause) {
      throw unusable(directory, 'listed', cause)
    }
  }

  function find(name: string): TrashedWorkstream | undefined {
    const said = parseTrashName(name)
    if (said === undefined || fileSystem.linkStat(locationOf(name))?.isDirectory !== true) return undefined
    const bytes = logNames.reduce((sum, log) => sum + (fileSystem.linkStat(logOf(name, log))?.sizeBytes ?? 0), 0)
    return { name, ...said, bytes }
  }

  function freeName(workstreamId: WorkstreamId, trashedAtMs: number): string {
    for (let nth = 0; ; nth += 1) {
      const name = trashName({ workstreamId, trashedAtMs }, nth)
      if (fileSystem.linkStat(locationOf(name)) === undefined) return name
    }
  }

  async function makeDirectory(address: LogAddress): Promise<void> {
    try {
      await makeDirectories(directory, fileSystem)
    } catch (error) {
      throw writeFailed(address, 'create', error, hasCode(error, 'DATA_DIR_UNUSABLE') ? error.details.errno : undefined)
    }
  }

  function leftovers(): string[] {
    return names()
      .filter((name) => name.startsWith(DELETING))
      .map(locationOf)
  }

  function erase(location: string): void {
    try {
      removeTree(fileSystem, location)
    } catch (cause) {
      throw unusable(location, 'deleted; it is out of the trash', cause)
    }
  }

  return {
    list: () =>
      names()
        .flatMap((name) => find(name) ?? [])
        .sort((a, b) => a.trashedAtMs - b.trashedAtMs || (a.name < b.name ? -1 : 1)),
    find,
    log: logOf,

    async moveIn(workstreamId) {
      const address: LogAddress = { workstreamId, log: 'workstream' }
      await makeDirectory(address)
      const trashedAtMs = Math.floor(clock.nowMs())
      const name = freeName(workstreamId, trashedAtMs)
      // Windows moves no folder in which a file is open. Whoever reads on has a file of its own.
      for (const log of logNames) files.forget({ workstreamId, log })
      const failure = await renameDurably(fileSystem, paths.folder(workstreamId), locationOf(name))
      if (failure !== undefined) throw moveFailed(address, failure)
      return find(name) ?? { name, workstreamId, trashedAtMs, bytes: 0 }
    },

    async moveOut({ name, workstreamId }) {
      const failure = await renameDurably(fileSystem, locationOf(name), paths.folder(workstreamId))
      if (failure !== undefined) throw moveFailed({ workstreamId, log: 'workstream' }, failure)
    },

    async delete(name) {
      if (find(name) === undefined) return false
      const doomed = locationOf(`${DELETING}${randomUUID()}`)
      const failure = await renameDurably(fileSystem, locationOf(name), doomed)
      // Somebody else may have taken it out meanwhile.
      if (failure !== undefined && errnoOf(failure.cause) === 'ENOENT' && find(name) === undefined) return false
      if (failure !== undefined) throw unusable(locationOf(name), 'deleted', failure.cause)
      erase(doomed)
      return true
    },

    leftovers,
    removeLeftovers() {
      for (const location of leftovers()) erase(location)
    },
  }
}

/** No name of an entry begins with a dot. */
const DELETING = '.deleting-'

function moveFailed(address: LogAddress, { operation, cause, isWhereItWas }: RenameFailure): WorkstreamError {
  return isWhereItWas ? writeFailed(address, operation, cause) : appendUncertain(address, cause)
}

function unusable(location: string, what: string, cause: unknown): WorkstreamError<'DATA_DIR_UNUSABLE'> {
  const errno = errnoOf(cause)
  return new WorkstreamError(
    'DATA_DIR_UNUSABLE',
    `${location} cannot be ${what}: ${errno}`,
    { path: location, errno },
    { cause },
  )
}
