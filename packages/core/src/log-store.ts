import type { WorkstreamId } from './id.js'
import type { LogName } from './record.js'

/** Some bytes of a log. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * The append-only logs of all workstreams of one data dir: the truth that everything else is rebuilt from.
 *
 * A log is a sequence of lines. Its adapter knows bytes, files and locks; it does not know what a line says.
 */
export interface LogStore {
  /** Ids of all workstreams that have a log, in ascending order. Folders whose names are no ids are left out. */
  listWorkstreams(): Promise<WorkstreamId[]>

  /** Another value than before means that workstreams may have come or gone; cheap enough to ask before every list. */
  folderToken(): Promise<string>

  /**
   * Whether others have appended lines that nobody has called `indexed` for: they are about to, or died before.
   *
   * @returns undefined when there are none; another value than before: those of before are indexed, or more have come
   */
  unindexed(): Promise<string | undefined>

  /**
   * Sizes as they are now, without the write lock: a size may include a line that is being written.
   *
   * @returns undefined when there is no such workstream
   * @throws INVALID_WORKSTREAM_ID
   */
  measure(workstreamId: WorkstreamId): Promise<LogHeads | undefined>

  /**
   * The sizes of all workstreams, by id in ascending order: what `measure` says of each that `listWorkstreams` names.
   * undefined stands for one that cannot be measured; `measure` says why.
   */
  measureAll(): Promise<Map<WorkstreamId, LogHeads | undefined>>

  /**
   * Reads whole lines in order, in batches of about 1 MiB. What follows the last LF is left out.
   *
   * @param from byte offset of the start of a line
   * @param to byte offset to stop at; by default the end at the time of the call
   * @throws LOG_READ_FAILED
   */
  read(workstreamId: WorkstreamId, log: LogName, from: number, to?: number): AsyncIterable<readonly RawLine[]>

  /**
   * Reads one range of bytes with one positioned read.
   *
   * @returns the bytes that are there; fewer than asked for when the log ends before
   * @throws LOG_READ_FAILED
   */
  readRange(workstreamId: WorkstreamId, log: LogName, offset: number, length: number): Promise<Uint8Array>

  /**
   * Reads several ranges of bytes of one file, each with one positioned read, and nothing of what lies between them.
   *
   * @returns by range, as `readRange` would have read it
   * @throws LOG_READ_FAILED
   */
  readRanges(workstreamId: WorkstreamId, log: LogName, ranges: readonly ByteRange[]): Promise<Uint8Array[]>

  /**
   * Takes the write lock. Waits without blocking, fairly, next to any number of other processes.
   *
   * @param timeoutMs how long to wait at the most
   * @throws LOCK_TIMEOUT other processes kept the lock past the deadline
   * @throws DATA_DIR_UNUSABLE
   */
  lock(timeoutMs: number): Promise<LogWriter>

  /** Looks at every byte of a workstream's logs without changing any. */
  verify(workstreamId: WorkstreamId): Promise<LogVerification[]>

  /** Pieces of torn tails that were cut from logs and kept, oldest first. */
  listQuarantine(): Promise<QuarantinedTail[]>

  /**
   * The bytes of such a piece.
   *
   * @param name of `listQuarantine`
   * @returns undefined when there is no such piece; at most the first 16 MiB, which is more than any line holds
   */
  readQuarantine(name: string): Promise<Uint8Array | undefined>

  /** Workstreams that were moved to the trash, oldest first. */
  listTrash(): Promise<TrashedWorkstream[]>

  /** Reads the whole lines of a log of a workstream in the trash, like `read`. There are none when it is not there. */
  readTrash(name: string, log: LogName): AsyncIterable<readonly RawLine[]>

  /**
   * Deletes a workstream in the trash for good. Whoever dies in the middle leaves it out of the trash all the same; the
   * rest goes with `removeLeftovers`, or when something else is deleted.
   *
   * @returns false when there is no such entry, or somebody else was quicker
   * @throws DATA_DIR_UNUSABLE it cannot be deleted; it is still in the trash
   */
  deleteTrash(name: string): Promise<boolean>

  /** Where those who died in the middle of a restore, or of a deletion, left something that is of no use any more. */
  listLeftovers(): Promise<string[]>

  /** Releases every file. Calls under way end first. */
  close(): Promise<void>
}

/** What the holder of the write lock can do. Only one exists at a time, over all processes. */
export interface LogWriter {
  /**
   * Makes a workstream's logs ready for an append: sees that each open file is still the one at its path, moves a torn
   * tail to quarantine, and measures.
   *
   * @returns heads that lie behind a whole line; undefined when there is no such workstream
   */
  prepare(workstreamId: WorkstreamId): Promise<LogHeads | undefined>

  /**
   * Appends lines to any number of logs and resolves once all are on disk.
   *
   * Entries are written in the order of `logNames`, one write a log, then all are synced. A crash may keep a prefix of
   * each log's lines. On failure every log is cut back to where it was. Every workstream must have been prepared under
   * this lock, or be new: its folder is created then, and synced.
   *
   * @param entries at most one for each log of a workstream; lines without LF
   * @throws LOG_LINE_TOO_LONG nothing was written
   * @throws LOG_FULL | LOG_WRITE_FAILED the logs are as they were
   * @throws LOG_APPEND_UNCERTAIN they could not be put back; `prepare` looks again
   */
  append(entries: readonly AppendEntry[]): Promise<void>

  /**
   * Puts back a workstream as one: all of its lines are on disk afterwards, or there is still no such workstream. That
   * holds for a process that dies and for a power cut as well, whatever the durability.
   *
   * What others left who died in the middle is removed first. Without any line there is no workstream.
   *
   * @param lines of any log, in any order between logs; kept byte for byte
   * @throws RESTORE_CONFLICT something lies there already; it was not touched
   * @throws LOG_LINE_TOO_LONG | LOG_FULL | LOG_WRITE_FAILED, and what `lines` throws: nothing is left
   * @throws LOG_APPEND_UNCERTAIN it is there as a whole, but not surely after a power cut: its name could neither be
   * synced nor taken back
   */
  restore(workstreamId: WorkstreamId, lines: AsyncIterable<RestoredLine>): Promise<void>

  /**
   * Moves a workstream to the trash as one, with everything in its folder: it is there as a whole, or here.
   *
   * @returns what the trash calls it; undefined when there is no such workstream
   * @throws LOG_FULL | LOG_WRITE_FAILED it is where it was
   * @throws LOG_APPEND_UNCERTAIN it is in the trash, but not surely after a power cut
   */
  trash(workstreamId: WorkstreamId): Promise<TrashedWorkstream | undefined>

  /**
   * Moves a workstream from the trash back to where it was.
   *
   * @param name of `LogStore.listTrash`
   * @returns which workstream it is
   * @throws TRASH_ENTRY_NOT_FOUND
   * @throws RESTORE_CONFLICT something lies in its place; nothing was touched
   * @throws LOG_FULL | LOG_WRITE_FAILED it is still in the trash
   * @throws LOG_APPEND_UNCERTAIN it is back, but not surely after a power cut
   */
  restoreTrash(name: string): Promise<WorkstreamId>

  /** Removes what `LogStore.listLeftovers` finds. @returns what was removed */
  removeLeftovers(): Promise<string[]>

  /** Says that the index has all that was appended so far, under this lock and before: see `LogStore.unindexed`. */
  indexed(): void

  /**
   * The same of all but the lines of the last append, which may be under way.
   *
   * @returns false when others cannot be told of it before all is indexed
   */
  indexedBeforeLast(): boolean

  /** True when others wait for the lock and this holder has had it for its share of about 10 ms. */
  shouldYield(): boolean

  /** Gives the lock back. May be called twice. */
  release(): void
}

export interface AppendEntry {
  readonly workstreamId: WorkstreamId
  readonly log: LogName
  /** Text, or bytes to be kept exactly as they are. */
  readonly lines: readonly (string | Uint8Array)[]
}

export interface RestoredLine {
  readonly log: LogName
  /** One line without LF, as it was exported. May change once the next line is asked for. */
  readonly bytes: Uint8Array
}

export interface LogHead {
  /** Size in bytes; 0 when the log does not exist yet. */
  readonly bytes: number
  /** Another value than before means another file (restored, replaced); the same value promises nothing more. */
  readonly generation: string
}
export type LogHeads = Readonly<Record<LogName, LogHead>>

export interface RawLine {
  /** Byte offset of the line's first byte. */
  readonly offset: number
  /** The line without its LF. Valid until the next batch is asked for. */
  readonly bytes: Uint8Array
}

export interface LogVerification {
  readonly log: LogName
  readonly bytes: number
  readonly lines: number
  /** Bytes after the last LF. */
  readonly tornBytes: number
}

export interface QuarantinedTail {
  /** Names it in the quarantine. */
  readonly name: string
  readonly workstreamId: WorkstreamId
  readonly log: LogName
  readonly offset: number
  readonly bytes: number
  /** When they were cut off, milliseconds since 1970. */
  readonly keptAtMs: number
  /** Where the bytes are kept. */
  readonly location: string
}

export interface TrashedWorkstream {
  /** Names it in the trash, where one workstream id may stand several times. Sorts by time. */
  readonly name: string
  readonly workstreamId: WorkstreamId
  /** When it was moved there, milliseconds since 1970. */
  readonly trashedAtMs: number
  /** Of its three logs. */
  readonly bytes: number
}

/** Largest line, LF not counted. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024
