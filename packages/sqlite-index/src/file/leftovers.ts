import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { openDatabase } from './open-database.js'

const SUFFIX = '.building'

/** Where a new index is made, beside the one that it will replace. */
export function buildingPath(path: string, name: string): string {
  return `${path}.${name}${SUFFIX}`
}

/**
 * Removes what rebuilds left behind that were killed. One that still runs holds a lock on its file.
 *
 * @returns the files that were removed
 */
export function removeLeftovers(path: string): string[] {
  const folder = dirname(path)
  const removed: string[] = []
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(SUFFIX)) continue
    const leftover = join(folder, name)
    if (!isAbandoned(leftover)) continue
    for (const suffix of ['', '-journal']) rmSync(leftover + suffix, { force: true })
    removed.push(leftover)
  }
  return removed
}

function isAbandoned(leftover: string): boolean {
  const stat = statSync(leftover, { throwIfNoEntry: false })
  // Its maker takes the lock a moment after it made the file.
  if (stat === undefined || Date.now() - stat.mtimeMs < YOUNG_MS) return false
  try {
    const client = openDatabase(leftover, { fileMustExist: true, timeout: 0 })
    try {
      client.exec('BEGIN EXCLUSIVE; ROLLBACK')
      return true
    } finally {
      client.close()
    }
  } catch (error) {
    return error instanceof BetterSqlite3.SqliteError && !error.code.startsWith('SQLITE_BUSY')
  }
}

const YOUNG_MS = 60_000
