import BetterSqlite3, { type Database, type Options, type Statement } from 'better-sqlite3'

/**
 * Opens a SQLite file in such a way that no object of better-sqlite3 ever becomes garbage: connections are kept, and a
 * text is prepared once for each connection.
 *
 * From Node 24.19 on, better-sqlite3 12 aborts the whole process when the garbage collector frees one of its objects
 * while no JavaScript runs; version 13 does not, but needs Node 22. A connection that was closed holds no file and no
 * page; some kilobytes of it remain for each time that an index is opened, rebuilt or verified.
 */
export function openDatabase(path: string, options: Options = {}): Database {
  const database = new BetterSqlite3(path, options)
  const statements = new Map<string, Statement>()
  const prepare = (text: string) => {
    const prepared = statements.get(text) ?? (BetterSqlite3.prototype.prepare.call(database, text) as Statement)
    statements.set(text, prepared)
    return prepared
  }
  kept.push(Object.assign(database, { prepare }))
  return database
}

const kept: Database[] = []
