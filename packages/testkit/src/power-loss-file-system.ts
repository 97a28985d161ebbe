import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'

export interface PowerLossFileSystem extends FileSystem {
  /**
   * Puts the real files back to what would surely be left after a power cut now: contents as of their last `sync`,
   * names as of the last `syncDirectory` of their folder. Every file that was opened before fails from then on.
   *
   * @param survives how many of a file's unsynced bytes reached the disk all the same; by default none
   * @param namesSurvive whether names did that no `syncDirectory` has put there; a disk may write them before contents
   */
  losePower(survives?: (unsyncedBytes: number) => number, namesSurvive?: boolean): void
}

interface Tracked {
  path: string
  durable: Buffer
}

/**
 * Remembers what is not on disk yet, on top of a file system of real files. What was there before counts as on disk, and
 * so does a removal at once. A rename goes to a free name in the same folder.
 */
export function createPowerLossFileSystem(base: FileSystem): PowerLossFileSystem {
  const files = new Map<string, Tracked>()
  /** Names that are not durable in their folder. */
  const newNames = new Set<string>()
  /** Names whose folder still has the old one on disk; the latest last. */
  let renames: { from: string; to: string }[] = []
  let cut = 0

  /** Files and names below a folder go with it. */
  function follow(from: string, to: string): void {
    const moved = (name: string) =>
      name === from || name.startsWith(`${from}${path.sep}`) ? `${to}${name.slice(from.length)}` : name
    for (const tracked of files.values()) tracked.path = moved(tracked.path)
    const names = [...newNames].map(moved)
    newNames.clear()
    for (const name of names) newNames.add(name)
  }

  function undoRenames(): void {
    for (const { from, to } of renames.reverse()) {
      if (base.linkStat(to) === undefined) continue
      base.rename(to, from)
      follow(to, from)
    }
  }

  function forget(location: string): void {
    newNames.delete(location)
    for (const [identity, tracked] of files) if (tracked.path === location) files.delete(identity)
  }

  function wrap(file: OpenFile, tracked: Tracked): OpenFile {
    const openedAt = cut
    const alive = (): OpenFile => {
      if (openedAt !== cut) throw Object.assign(new Error('the power was cut'), { code: 'EIO' })
      return file
    }
    return {
      stat: () => alive().stat(),
      write: (bytes) => alive().write(bytes),
      read: async (into, position) => await alive().read(into, position),
      readSync: (into, position) => alive().readSync(into, position),
      truncate: (sizeBytes) => alive().truncate(sizeBytes),
      async sync() {
        const contents = contentsOf(alive())
        await file.sync()
        if (openedAt === cut) tracked.durable = contents
      },
      close: () => file.close(),
    }
  }

  return {
    ...base,
    makeDirectory(directory) {
      const isNew = base.stat(directory) === undefined
      base.makeDirectory(directory)
      if (isNew) newNames.add(directory)
    },
    async syncDirectory(directory) {
      const names = [...newNames].filter((name) => path.dirname(name) === directory)
      await base.syncDirectory(directory)
      for (const name of names) newNames.delete(name)
      renames = renames.filter(({ to }) => path.dirname(to) !== directory)
    },
    rename(from, to) {
      const isNew = newNames.has(from)
      base.rename(from, to)
      follow(from, to)
      if (!isNew) renames.push({ from, to })
    },
    remove(location) {
      base.remove(location)
      forget(location)
    },
    removeDirectory(directory) {
      base.removeDirectory(directory)
      forget(directory)
    },
    open(location, mode) {
      const isNew = base.linkStat(location) === undefined
      const file = base.open(location, mode)
      const { identity } = file.stat()
      if (isNew) newNames.add(location)
      const known = isNew ? undefined : files.get(identity)
      const tracked = known ?? { path: location, durable: isNew ? Buffer.alloc(0) : readFileSync(location) }
      files.set(identity, tracked)
      return wrap(file, tracked)
    },
    losePower(survives = () => 0, namesSurvive = false) {
      cut += 1
      if (namesSurvive) newNames.clear()
      else undoRenames()
      renames = []
      for (const tracked of files.values()) {
        if (base.stat(tracked.path) === undefined) continue
        const { durable } = tracked
        const unsynced = readFileSync(tracked.path).subarray(durable.byteLength)
        writeFileSync(tracked.path, Buffer.concat([durable, unsynced.subarray(0, survives(unsynced.byteLength))]))
      }
      for (const name of newNames) rmSync(name, { recursive: true, force: true })
      files.clear()
      newNames.clear()
    },
  }
}

function contentsOf(file: OpenFile): Buffer {
  const contents = Buffer.alloc(file.stat().sizeBytes)
  if (contents.byteLength > 0) file.readSync(contents, 0)
  return contents
}
