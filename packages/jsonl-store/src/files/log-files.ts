/**
 * Open descriptors of logs, and what is known about each: opening costs more than appending.
 *
 * An entry that is not in use may be closed at any time to keep the number of descriptors low; one that is in use
 * stays open even after its log was replaced, so that a reader ends with the file it began with.
 */

import { errnoOf } from '@arawn/core/error'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import type { LogName } from '@arawn/core/record'
import type { LogAddress, WorkstreamPaths } from '../paths/workstream-path.js'

export interface LogFile {
  readonly address: LogAddress
  readonly file: OpenFile
  readonly writable: boolean
  /** Which file it is: see `FileStat.identity`. */
  readonly identity: string
  /** Size in bytes that surely ends a whole line; undefined until the tail was looked at. */
  knownBytes: number | undefined
  /** When it was last modified, if it was seen to end whole long enough after that. */
  wholeSinceMs: number | undefined
  /** Lines of somebody else are in it that may not be on disk yet. */
  unsynced: boolean
}

export interface LogFiles {
  /** The open file of a log, if there is one. Does not look at the disk. */
  opened(address: LogAddress): LogFile | undefined
  /**
   * Opens a log, or takes the descriptor that is open for it when it is still the same file.
   *
   * @param identity what lies at the log's path now, if known
   * @throws as `FileSystem.open`
   */
  open(address: LogAddress, mode: 'append' | 'read', identity: string | undefined): LogFile
  /** Forgets a log's descriptor; it is closed once nobody uses it. */
  forget(address: LogAddress): void
  /** Keeps a file open until `release`. */
  hold(log: LogFile): void
  release(log: LogFile): void
  closeAll(): void
}

interface Entry extends LogFile {
  readonly key: string
  users: number
  /** No longer in the table: closes with its last user. */
  retired: boolean
}

export function createLogFiles(fileSystem: FileSystem, paths: WorkstreamPaths, limit = DESCRIPTOR_LIMIT): LogFiles {
  /** Least recently used first. */
  const table = new Map<string, Entry>()
  const held = new Map<LogFile, Entry>()
  const keyOf = createKeys()

  function open(address: LogAddress, mode: 'append' | 'read', identity: string | undefined): Entry {
    const key = keyOf(address)
    const entry = table.get(key)
    if (entry !== undefined && entry.identity === identity && (entry.writable || mode === 'read')) {
      table.delete(key)
      table.set(key, entry)
      return entry
    }
    if (entry !== undefined) retire(entry)
    makeRoom(limit - 1)
    const file = openWithRoom(paths.log(address), mode)
    const opened: Entry = {
      key,
      address,
      file,
      writable: mode === 'append',
      identity: file.stat().identity,
      knownBytes: undefined,
      wholeSinceMs: undefined,
      unsynced: false,
      users: 0,
      retired: false,
    }
    table.set(key, opened)
    return opened
  }

  function openWithRoom(path: string, mode: 'append' | 'read'): OpenFile {
    try {
      return fileSystem.open(path, mode)
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(errnoOf(error))) throw error
      makeRoom(0)
      return fileSystem.open(path, mode)
    }
  }

  function makeRoom(keep: number): void {
    if (table.size <= keep) return
    for (const entry of table.values()) {
      if (entry.users === 0) retire(entry)
      if (table.size <= keep) return
    }
  }

  function retire(entry: Entry): void {
    table.delete(entry.key)
    entry.retired = true
    if (entry.users === 0) closeQuietly(entry.file)
  }

  return {
    opened: (address) => table.get(keyOf(address)),
    open,
    forget(address) {
      const entry = table.get(keyOf(address))
      if (entry !== undefined) retire(entry)
    },
    hold(log) {
      const entry = held.get(log) ?? table.get(keyOf(log.address))
      if (entry !== log) return
      entry.users += 1
      held.set(log, entry)
      if (entry.retired) return
      table.delete(entry.key)
      table.set(entry.key, entry)
    },
    release(log) {
      const entry = held.get(log)
      if (entry === undefined) return
      entry.users -= 1
      if (entry.users > 0) return
      held.delete(log)
      if (entry.retired) closeQuietly(entry.file)
    },
    closeAll() {
      for (const entry of [...table.values()]) retire(entry)
    },
  }
}

/** Far below the usual limit of 1,024 descriptors of a process. */
const DESCRIPTOR_LIMIT = 256

/** Gives the same strings again while one workstream is asked for: a new one is hashed anew for each look at a map. */
function createKeys(): (address: LogAddress) => string {
  let lastId: string | undefined
  let keys = {} as Record<LogName, string>
  return ({ workstreamId, log }) => {
    if (workstreamId !== lastId) {
      keys = {
        workstream: `${workstreamId}/workstream`,
        sessions: `${workstreamId}/sessions`,
        messages: `${workstreamId}/messages`,
      }
      lastId = workstreamId
    }
    return keys[log]
  }
}

/** A descriptor that cannot be closed is gone all the same (close(2)). */
function closeQuietly(file: OpenFile): void {
  try {
    file.close()
  } catch {}
}
