import type { Database } from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { openDatabase } from './open-database.js'

/** One open connection, as the driver and as the query builder know it. */
export interface Connection {
  readonly client: Database
  readonly db: BetterSQLite3Database
}

/** How long somebody else is waited for who writes to the index and does not hold the write lock. */
export const BUSY_TIMEOUT_MS = 5_000

/** Opens a file that is there. The journal mode is the file's own. */
export function connect(path: string, options: { readonly: boolean }): Connection {
  const client = openDatabase(path, { fileMustExist: true, readonly: options.readonly, timeout: BUSY_TIMEOUT_MS })
  // After a power cut the index may lag behind the logs and catches up, so it need not be synced at each commit.
  client.exec('PRAGMA synchronous = NORMAL')
  // 16 MiB of journal before it is copied back, which costs two syncs in the middle of somebody's commit.
  client.exec('PRAGMA wal_autocheckpoint = 4000')
  // Beside it the system keeps pages, too; with four times as much, questions about a million messages are no quicker.
  if (options.readonly) client.exec('PRAGMA cache_size = -4000')
  return { client, db: drizzle({ client }) }
}
