/** The folder in which a restore writes before the workstream is there. */

import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { errnoOf } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'
import type { Logger } from '@arawn/core/logger'
import { logNames } from '@arawn/core/record'
import type { WorkstreamPaths } from '../paths/workstream-path.js'

export interface RestoringParts {
  readonly fileSystem: FileSystem
  readonly paths: WorkstreamPaths
  readonly logger: Logger
}

/** No id begins with a dot, so that nobody takes it for a workstream. */
const PREFIX = '.restoring-'

/** A path that was never used before. */
export function restoringFolder({ root }: WorkstreamPaths): string {
  return path.join(root, `${PREFIX}${randomUUID()}`)
}

/** Under the write lock nobody else restores: whoever made such a folder is dead. */
export function removeLeftovers(parts: RestoringParts): void {
  for (const folder of listLeftovers(parts)) removeFolder(parts, folder)
}

export function listLeftovers(parts: RestoringParts): string[] {
  const { root } = parts.paths
  return namesIn(parts, root)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => path.join(root, name))
}

/** What cannot be removed stays for the next restore: it takes room, and is in nobody's way. */
export function removeFolder(parts: RestoringParts, folder: string): void {
  const { fileSystem } = parts
  try {
    if (fileSystem.linkStat(folder)?.isDirectory !== true) return
    // Nothing else is ours. Should something else be there, the folder stays.
    const ours = namesIn(parts, folder).filter((name) => logNames.some((log) => name === `${log}.jsonl`))
    for (const name of ours) fileSystem.remove(path.join(folder, name))
    fileSystem.removeDirectory(folder)
  } catch (error) {
    warn(parts, folder, error)
  }
}

function namesIn(parts: RestoringParts, folder: string): readonly string[] {
  try {
    return parts.fileSystem.readDirectory(folder)
  } catch (error) {
    warn(parts, folder, error)
    return []
  }
}

function warn({ logger }: RestoringParts, folder: string, error: unknown): void {
  logger.warn('what is left of a restore cannot be removed', { path: folder, errno: errnoOf(error) })
}
