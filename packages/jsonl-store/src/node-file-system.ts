import fs, { type BigIntStats } from 'node:fs'
import type { FileStat, FileSystem, OpenFile } from '@arawn/core/file-system'

/** The real file system. Writes are synchronous (a copy into the page cache), waiting for the disk is not, but for small reads. */
export const nodeFileSystem: FileSystem = {
  stat: (path) => fileStat(fs.statSync(path, quietStat)),
  linkStat: (path) => fileStat(fs.lstatSync(path, quietStat)),
  readDirectory: (path) => fs.readdirSync(path),
  readSubdirectories: (path) =>
    fs.readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])),
  makeDirectory(path) {
    try {
      fs.mkdirSync(path)
    } catch (error) {
      if (fs.statSync(path, quietStat)?.isDirectory() !== true) throw error
    }
  },
  async syncDirectory(path) {
    // Windows cannot open a directory and makes its entries durable by itself.
    if (process.platform === 'win32') return
    const descriptor = fs.openSync(path, 'r')
    try {
      await settled((done) => fs.fsync(descriptor, done))
    } finally {
      fs.closeSync(descriptor)
    }
  },
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.unlinkSync(path),
  removeDirectory: (path) => fs.rmdirSync(path),
  open: (path, mode) => openFile(fs.openSync(path, openFlags[mode])),
}

const quietStat = { bigint: true, throwIfNoEntry: false } as const

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = fs.constants
/** Missing on Windows. */
const NO_LINKS = fs.constants.O_NOFOLLOW ?? 0
const openFlags = {
  append: O_RDWR | O_APPEND | O_CREAT | NO_LINKS,
  read: O_RDONLY | NO_LINKS,
  create: O_RDWR | O_APPEND | O_CREAT | O_EXCL | NO_LINKS,
} as const

/**
 * A page of messages is read at once: it was written a moment ago or is a copy out of the page cache, and handing it to
 * another thread takes longer than that, on a busy machine several times as long. Its rows are read like that as well.
 */
const SMALL_READ_BYTES = 64 * 1024

function openFile(descriptor: number): OpenFile {
  return {
    stat: () => knownStat(fs.fstatSync(descriptor, { bigint: true })),
    write: (bytes) => fs.writeSync(descriptor, bytes),
    read: (into, position) =>
      new Promise((resolve, reject) => {
        // What throws in here rejects.
        if (into.byteLength <= SMALL_READ_BYTES)
          return resolve(fs.readSync(descriptor, into, 0, into.byteLength, position))
        fs.read(descriptor, into, 0, into.byteLength, position, (error, count) =>
          error === null ? resolve(count) : reject(error),
        )
      }),
    readSync: (into, position) => fs.readSync(descriptor, into, 0, into.byteLength, position),
    truncate: (sizeBytes) => fs.ftruncateSync(descriptor, sizeBytes),
    // The promise API costs a third of the throughput of a small append.
    sync: () => settled((done) => fs.fdatasync(descriptor, done)),
    close: () => fs.closeSync(descriptor),
  }
}

function settled(run: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error === null ? resolve() : reject(error))))
}

function fileStat(stats: BigIntStats | undefined): FileStat | undefined {
  return stats === undefined ? undefined : knownStat(stats)
}

function knownStat(stats: BigIntStats): FileStat {
  return {
    sizeBytes: Number(stats.size),
    modifiedMs: Number(stats.mtimeNs) / 1e6,
    isDirectory: stats.isDirectory(),
    isFile: stats.isFile(),
    isLink: stats.isSymbolicLink(),
    identity: `${stats.dev}:${stats.ino}`,
  }
}
