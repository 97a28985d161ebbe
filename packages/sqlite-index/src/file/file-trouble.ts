import { WorkstreamError } from '@arawn/core/error'
import type { IndexReader } from '@arawn/core/workstream-index'
import BetterSqlite3 from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from './connection.js'

/** Failures of the file itself, as SQLite names them: a rebuild mends these. */
const FILE_TROUBLE = /^SQLITE_(CORRUPT|NOTADB|IOERR|CANTOPEN|READONLY|PROTOCOL|ERROR|FULL)/

export function isFileTrouble(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && FILE_TROUBLE.test(error.code)
}

export function indexUnusable(path: string, problem: string, cause?: unknown): WorkstreamError<'INDEX_UNUSABLE'> {
  return new WorkstreamError(
    'INDEX_UNUSABLE',
    `the index ${path} cannot be used: ${problem}`,
    { path, problem },
    { cause },
  )
}

/** A program that knows nothing of the write lock has a transaction open. */
export function isHeldByOthers(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

export function indexHeld(path: string, cause: unknown): WorkstreamError<'LOCK_TIMEOUT'> {
  const message = `another program kept the index ${path} locked for ${BUSY_TIMEOUT_MS} ms`
  return new WorkstreamError('LOCK_TIMEOUT', message, { waitedMs: BUSY_TIMEOUT_MS }, { cause })
}

/** The same reader, whose failures of the file are INDEX_UNUSABLE and are reported. */
export function guardReader(reader: IndexReader, path: string, onTrouble: () => void): IndexReader {
  const guarded = { ...reader }
  for (const [name, method] of Object.entries(reader)) {
    if (name === 'dump' || typeof method !== 'function') continue
    Object.assign(guarded, {
      [name]: async (...args: readonly unknown[]) => {
        try {
          return await Reflect.apply(method, reader, args)
        } catch (error) {
          if (!isFileTrouble(error)) throw error
          onTrouble()
          throw indexUnusable(path, String(error instanceof Error ? error.message : error), error)
        }
      },
    })
  }
  return guarded
}
