import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { errnoOf } from '@arawn/core/error'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import { readFully } from './read-fully.js'
import { writeFully } from './write-fully.js'

/**
 * A file beside the logs that says whether the index may lack some of their lines. Empty: it has them all. It is never
 * synced: it outlives a process, and after a power cut every log is compared anyway.
 */
export interface UnindexedMark {
  /** @returns undefined when nothing is unindexed, else a name for what is */
  read(): string | undefined
  /** Before lines are appended. Does nothing when it is set by us already. */
  set(): void
  isSet(): boolean
  /** Once they are in the index, and those of everybody before. */
  clear(): void
  /** Closes the file. Leaves what it says. */
  close(): void
}

export function createUnindexedMark(folder: string, fileSystem: FileSystem): UnindexedMark {
  const location = path.join(folder, UNINDEXED)
  let file: OpenFile | undefined
  let isSet = false

  function close(): void {
    file?.close()
    file = undefined
    isSet = false
  }

  function content(): string | undefined {
    const reading = fileSystem.open(location, 'read')
    try {
      const { sizeBytes } = reading.stat()
      return sizeBytes === 0 ? undefined : readFully(reading, 0, Math.min(sizeBytes, LONGEST)).toString()
    } finally {
      reading.close()
    }
  }

  return {
    read() {
      // Most often it is empty, which its size says.
      if ((fileSystem.stat(location)?.sizeBytes ?? 0) === 0) return undefined
      try {
        return content()
      } catch (error) {
        // Whatever it says, it is not empty.
        return errnoOf(error)
      }
    },
    set() {
      if (isSet) return
      file ??= fileSystem.open(location, 'append')
      writeFully(file, Buffer.from(`${randomUUID()}\n`))
      isSet = true
    },
    isSet: () => isSet,
    clear() {
      try {
        if (file === undefined && (fileSystem.stat(location)?.sizeBytes ?? 0) === 0) return
        file ??= fileSystem.open(location, 'append')
        file.truncate(0)
      } catch {
        // Whoever finds it set looks at every log, and finds nothing.
      }
      isSet = false
    },
    close,
  }
}

const UNINDEXED = '.unindexed'
/** Some writers may have died one after the other. */
const LONGEST = 4096
