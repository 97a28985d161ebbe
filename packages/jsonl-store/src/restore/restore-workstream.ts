/**
 * Puts back a workstream as one: its folder gets its name only once all that is in it is on disk.
 *
 * ```
 *  remove what the dead left ─► write all ─► sync logs, then their folder ─► rename to <id> ─► sync workstreams/ ─► done
 *                                  └─────────────┴────── failed ──────┬────────────┘                  │
 *                                                                     ▼                               │
 *                                                           remove the folder ◄── rename back ◄── failed
 * ```
 *
 * Whoever dies before the rename leaves a folder whose name is no id. Whoever dies after it leaves a whole workstream.
 */

import type { WorkstreamId } from '@arawn/core/id'
import type { RestoredLine } from '@arawn/core/log-store'
import { appendUncertain, writeFailed } from '../errors/log-failures.js'
import type { LogAddress } from '../paths/workstream-path.js'
import { type FreePlaceParts, freePlace } from './free-place.js'
import { type RestoringParts, removeFolder, removeLeftovers, restoringFolder } from './restoring-folder.js'
import { type WriteLogsParts, writeLogs } from './write-logs.js'

export interface RestoreParts extends RestoringParts, FreePlaceParts, WriteLogsParts {
  /** Called when all is on disk, right before the workstream is there. May refuse. */
  announce(address: LogAddress): void
}

/** Only the holder of the write lock may call this, for an id for which `prepare` found no workstream. */
export async function restoreWorkstream(
  parts: RestoreParts,
  workstreamId: WorkstreamId,
  lines: AsyncIterable<RestoredLine>,
): Promise<void> {
  removeLeftovers(parts)
  freePlace(parts, workstreamId)
  const folder = restoringFolder(parts.paths)
  try {
    const count = await writeLogs(parts, { workstreamId, folder }, lines)
    if (count > 0) await putInPlace(parts, workstreamId, folder)
  } finally {
    // Not there any more once it has its name.
    removeFolder(parts, folder)
  }
}

async function putInPlace(parts: RestoreParts, workstreamId: WorkstreamId, folder: string): Promise<void> {
  const { fileSystem, paths } = parts
  // A failure of a folder is told as one of the log that stands for the whole.
  const address: LogAddress = { workstreamId, log: 'workstream' }
  parts.announce(address)
  try {
    fileSystem.rename(folder, paths.folder(workstreamId))
  } catch (cause) {
    throw writeFailed(address, 'rename', cause)
  }
  try {
    await fileSystem.syncDirectory(paths.root)
  } catch (cause) {
    await takeBack(parts, address, folder)
    throw writeFailed(address, 'sync', cause)
  }
}

async function takeBack({ fileSystem, paths }: RestoreParts, address: LogAddress, folder: string): Promise<void> {
  try {
    fileSystem.rename(paths.folder(address.workstreamId), folder)
  } catch (cause) {
    throw appendUncertain(address, cause)
  }
  // Before its logs are removed: their folder must not be found under its id without them.
  await fileSystem.syncDirectory(paths.root).catch(() => {})
}
