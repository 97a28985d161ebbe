import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { IndexReplacement } from '@arawn/core/workstream-index'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { createReader } from '../query/reader.js'
import type { Connection } from './connection.js'
import { emptyIndex } from './empty-index.js'
import { ageBeyondBirth, fileIdentity, writeIdentity } from './identity.js'
import { buildingPath, removeLeftovers } from './leftovers.js'
import { openDatabase } from './open-database.js'
import { createTransactions } from './transaction.js'

/**
 * Builds a new index in a file beside the one in use, and renames it into place when it is done.
 *
 * The journal files (`-wal`, `-shm`) of the old index are removed before the rename: SQLite would replay them into the
 * new file. Who has the old one open keeps it, unlinked, until `condition` says `replaced`; SQLite sees that it was
 * moved and leaves the journal of the new one alone when the old one is closed.
 */
export function startReplacement(
  path: string,
  migrationsFolder: string,
  swap: { beforeSwap: () => void; afterSwap: () => void },
): IndexReplacement {
  const building = buildingPath(path, randomUUID())
  const connection = create(building, path, migrationsFolder)
  const { client } = connection
  const transaction = createTransactions(connection, { identity: building, reader: createReader(connection) })()

  async function discard(): Promise<void> {
    client.close()
    rmSync(building, { force: true })
    rmSync(`${building}-journal`, { force: true })
  }

  return {
    transaction,
    install: async () => {
      try {
        await transaction.commit()
        client.exec('PRAGMA journal_mode = WAL')
        client.close()
        const fd = openSync(building, 'r+')
        fsyncSync(fd)
        closeSync(fd)
        swap.beforeSwap()
        for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
        renameSync(building, path)
      } catch (error) {
        await discard()
        throw error
      }
      swap.afterSwap()
    },
    discard,
  }
}

function create(building: string, path: string, migrationsFolder: string): Connection {
  try {
    mkdirSync(dirname(path), { recursive: true })
    removeLeftovers(path)
    // The mode is that of a file that SQLite makes.
    writeFileSync(building, emptyIndex(migrationsFolder), { mode: 0o644, flag: 'wx' })
    const client = openDatabase(building, { fileMustExist: true })
    // Nobody reads this file before it is renamed, and a crash leaves only a file that is never looked at again.
    client.exec('PRAGMA journal_mode = MEMORY')
    client.exec('PRAGMA synchronous = OFF')
    ageBeyondBirth(building)
    writeIdentity(client, fileIdentity(building) ?? '')
    return { client, db: drizzle({ client }) }
  } catch (error) {
    throw new WorkstreamError(
      'DATA_DIR_UNUSABLE',
      `the index ${path} cannot be created`,
      { path: dirname(path), errno: errnoOf(error) },
      { cause: error },
    )
  }
}
