import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { errnoOf } from '@arawn/core/error'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import { readFully } from './read-fully.js'
import { writeFully } from './write-fully.js'

/**
 * A file beside the logs that says whether the index may lack some of their lines. Empty: it has them all. It is never
 * synced: it outlives a process, and after a power cut every log is compared anyway.
 *
 * It only grows until all is indexed, for emptied and written anew it would say nothing in between.
 */
export interface UnindexedMark {
  /** @returns undefined when nothing is unindexed, else a name for what is */
  read(): string | undefined
  /** Before lines are appended. Does nothing when it is set by us already. */
  set(): void
  isSet(): boolean
  /** Once they are in the index, and those of everybody before. */
  clear(): void
  /**
   * The same, but for those that were appended last: from here on another name stands for them, and there is no moment
   * without one.
   *
   * @returns false when that cannot be said before `clear`
   */
  setAnew(): boolean
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
      if (sizeBytes === 0) return undefined
      const names = readFully(reading, 0, Math.min(sizeBytes, LONGEST)).toString()
      const before = names.lastIndexOf(`\n${INDEXED_SO_FAR}`)
      return before < 0 ? names : names.slice(before + 1 + INDEXED_SO_FAR.length)
    } finally {
      reading.close()
    }
  }

  function add(text: string): void {
    file ??= fileSystem.open(location, 'append')
    writeFully(file, Buffer.from(text))
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
      add(newName())
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
    setAnew() {
      if (!isSet || file === undefined) return false
      try {
        // Nobody reads further than that.
        if (file.stat().sizeBytes > LONGEST / 2) return false
        // In one write: a name that is there already keeps standing for what is being appended if this fails.
        add(`${INDEXED_SO_FAR}${newName()}`)
        return true
      } catch {
        return false
      }
    },
    close,
  }
}

function newName(): string {
  return `${randomUUID()}\n`
}

const UNINDEXED = '.unindexed'
/** A line that says: what the lines before it stand for is in the index. */
const INDEXED_SO_FAR = '=\n'
/** Some writers may have died one after the other. */
const LONGEST = 4096
