import path from 'node:path'
import { errnoOf } from '@arawn/core/error'
import type { FileSystem } from '@arawn/core/file-system'

/** Removes a folder and all that is in it. Follows no links. What somebody else removes meanwhile is fine. */
export function removeTree(fileSystem: FileSystem, location: string): void {
  const stat = fileSystem.linkStat(location)
  if (stat === undefined) return
  unlessGone(() => {
    if (!stat.isDirectory) return fileSystem.remove(location)
    for (const name of fileSystem.readDirectory(location)) removeTree(fileSystem, path.join(location, name))
    fileSystem.removeDirectory(location)
  })
}

function unlessGone(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
