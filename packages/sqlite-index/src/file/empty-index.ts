import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { onFirstUse } from '../query/on-first-use.js'
import { openDatabase } from './open-database.js'

/** What every new index begins with: the tables, and no rows. */
export interface EmptyIndex {
  /** The migrations that it is made of, by their hashes. */
  readonly schema: string
  /** A whole file of SQLite. To write it takes a tenth of the time that its 60 statements take. */
  bytes(): Uint8Array
}

/** Reads the migrations, once for each process: what is in the folder belongs to the program that was loaded. */
export function emptyIndex(migrationsFolder: string): EmptyIndex {
  const known = emptyIndexes.get(migrationsFolder) ?? {
    schema: readMigrationFiles({ migrationsFolder })
      .map(({ hash }) => hash)
      .join(),
    bytes: onFirstUse(() => {
      const client = openDatabase(':memory:')
      migrate(drizzle({ client }), { migrationsFolder })
      const bytes = client.serialize()
      client.close()
      return bytes
    }),
  }
  emptyIndexes.set(migrationsFolder, known)
  return known
}

const emptyIndexes = new Map<string, EmptyIndex>()
