/**
 * A file that one connection at a time can hold, over all processes: a SQLite database in which nothing is ever
 * written. The operating system gives the lock back when its process dies.
 *
 * No plain `fs` call may open such a file while this process could hold it: POSIX locks belong to the process, and
 * closing any descriptor of the file drops them (https://sqlite.org/howtocorrupt.html, 2.2).
 */

import { statSync, truncateSync } from 'node:fs'
import { errnoOf } from '@arawn/core/error'
import Database from 'better-sqlite3'

export interface LockFile {
  /** Takes the lock if nobody has it; never waits. */
  tryTake(): boolean
  /** Harmless when it was not taken. */
  giveBack(): void
  /** False when the file was deleted or replaced since it was opened: others may hold the one that took its place. */
  isCurrent(): boolean
  close(): void
}

interface Connection {
  readonly database: Database.Database
  readonly begin: Database.Statement
  readonly rollback: Database.Statement
  readonly identity: string
}

/** @param recheckAfterMs how long to trust that the path still names the file; 0 to look each time it is taken */
export function createLockFile(path: string, recheckAfterMs = 0): LockFile {
  let connection: Connection | undefined
  let checkedAt = Number.NEGATIVE_INFINITY

  function close(): void {
    connection?.database.close()
    connection = undefined
    checkedAt = Number.NEGATIVE_INFINITY
  }

  function isCurrent(): boolean {
    checkedAt = performance.now()
    return connection !== undefined && connection.identity === identityOf(path)
  }

  function giveBack(): void {
    if (connection?.database.inTransaction === true) connection.rollback.run()
  }

  function tryTakeOnce(): boolean {
    try {
      connection ??= connect(path)
      connection.begin.run()
      return true
    } catch (error) {
      if (isBusy(error)) return false
      throw error
    }
  }

  return {
    tryTake() {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        try {
          const taken = tryTakeOnce()
          if (performance.now() - checkedAt < recheckAfterMs || isCurrent()) return taken
          // Deleted or replaced while it was open: whoever comes now takes the new one, so must we.
          giveBack()
          close()
        } catch (error) {
          close()
          if (!isNoDatabase(error)) throw error
          empty(path)
        }
      }
      return false
    },
    giveBack,
    isCurrent,
    close,
  }
}

/** A file that is replaced faster than it can be opened counts as held by somebody else. */
const MAX_ATTEMPTS = 5

function connect(path: string): Connection {
  const before = identityOf(path)
  const database = new Database(path, { timeout: 0 })
  try {
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY')
    writeHeaderOnce(database, path)
    const begin = database.prepare('BEGIN IMMEDIATE')
    const rollback = database.prepare('ROLLBACK')
    // Only a file that was there before and after is surely the one that was opened; a fresh one is opened again.
    const identity = before !== undefined && before === identityOf(path) ? before : 'unsure'
    const connection = { database, begin, rollback, identity }
    kept.push(connection)
    return connection
  } catch (error) {
    kept.push(database)
    database.close()
    throw error
  }
}

/**
 * From Node 24.19 on, better-sqlite3 12 aborts the whole process when the garbage collector frees one of its objects
 * while no JavaScript runs. So none is ever let go; a closed one holds no file.
 */
const kept: unknown[] = []

/** In an empty file every BEGIN IMMEDIATE would prepare a first page. Whoever meets others here leaves it to them. */
function writeHeaderOnce(database: Database.Database, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.size !== 0) return
  try {
    database.exec('BEGIN IMMEDIATE; CREATE TABLE write_lock (note TEXT); COMMIT')
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    if (!isBusy(error) && !isError(error)) throw error
  }
}

/**
 * Makes a file that is no database an empty one. In place: whoever still holds a lock on it keeps it, which a
 * new file could not promise. Nobody in this process holds it, so closing it here drops nothing.
 */
function empty(path: string): void {
  truncateSync(path, 0)
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`
}

function isBusy(error: unknown): boolean {
  return errnoOf(error).startsWith('SQLITE_BUSY')
}

/** The table was there already: somebody else wrote it in between. */
function isError(error: unknown): boolean {
  return errnoOf(error) === 'SQLITE_ERROR'
}

function isNoDatabase(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')
}
