import { statSync, utimesSync } from 'node:fs'
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
  if (stat === undefined) return undefined
  // Where births are not recorded, Node tells the last change instead, which would be another name after each write.
  return `${stat.ino}:${stat.birthtimeMs === stat.ctimeMs ? 'unknown' : stat.birthtimeMs}`
}

/** Makes sure that a new file has been changed since its birth: from then on `fileIdentity` gives the same name. */
export function ageBeyondBirth(path: string): void {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { birthtimeMs, ctimeMs } = statSync(path)
    if (birthtimeMs !== ctimeMs) return
    // A tick of the file system's clock is some milliseconds.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    const now = new Date()
    utimesSync(path, now, now)
  }
}

export function writeIdentity(client: Database, identity: string): void {
  client.prepare('INSERT OR REPLACE INTO index_identity (id, file, last_stamp) VALUES (1, ?, 0)').run(identity)
}

/** @throws SqliteError when it is no index at all */
export function readIdentity(client: Database): string | undefined {
  return client.prepare<[], { file: string }>('SELECT file FROM index_identity WHERE id = 1').get()?.file
}
