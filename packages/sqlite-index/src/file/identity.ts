import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/**
 * Names one file for as long as it exists: the inode and the time of its birth. A copy has another name, so a copy
 * that was put in the index's place, or a journal (`-wal`) left by another file, is told apart. The device is left
 * out: its number may change at a restart.
 *
 * @returns undefined when nothing is there
 */
export function fileIdentity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.ino}:${stat.birthtimeMs}`
}

export function writeIdentity(client: Database, identity: string): void {
  client.prepare('INSERT OR REPLACE INTO index_identity (id, file, last_stamp) VALUES (1, ?, 0)').run(identity)
}

/** @throws SqliteError when it is no index at all */
export function readIdentity(client: Database): string | undefined {
  return client.prepare<[], { file: string }>('SELECT file FROM index_identity WHERE id = 1').get()?.file
}
