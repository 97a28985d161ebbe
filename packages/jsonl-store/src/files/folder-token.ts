import type { Clock } from '@arawn/core/clock'
import type { FileSystem } from '@arawn/core/file-system'

// A file system's times stand still for some milliseconds (a tick of the kernel): two changes may share one time.
const SETTLED_MS = 50

let asked = 0

/** Names the state of a folder's list of entries, by the time of its last change. A change just now has no name yet. */
export function folderToken(folder: string, fileSystem: FileSystem, clock: Clock): string {
  const stat = fileSystem.stat(folder)
  if (stat === undefined) return 'absent'
  const settled = Math.abs(clock.nowMs() - stat.modifiedMs) > SETTLED_MS
  return `${stat.identity}:${stat.modifiedMs}${settled ? '' : `:${asked++}`}`
}
