import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { readLines } from './read-lines.mjs'

/** Makes the rows of a log's messages as an index has them, with nothing but the driver, in one transaction. */
export function insertPlainly({ log, index, into }) {
  const db = new BetterSqlite3(into)
  // As a rebuild has it: nobody reads the file before it is whole.
  db.pragma('journal_mode = MEMORY')
  db.pragma('synchronous = OFF')
  for (const sql of schemaOfMessages(index)) db.exec(sql)
  const insert = db.prepare(
    'INSERT INTO messages ("row", id, session_id, role, stamp, "offset", length) VALUES ((1 << 32) + ?, ?, ?, ?, ?, ?, ?)',
  )
  db.exec('BEGIN')
  let sequence = 0
  readLines(log, (message, offset, length) => {
    insert.run(++sequence, message.id, message.session_id, message.role, message.stamp, offset, length)
  })
  db.exec('COMMIT')
  db.close()
  const fd = openSync(into, 'r+')
  fsyncSync(fd)
  closeSync(fd)
  rmSync(into)
}

function schemaOfMessages(index) {
  const db = new BetterSqlite3(index, { readonly: true })
  const schema = db
    .prepare("SELECT sql FROM sqlite_schema WHERE tbl_name = 'messages' AND sql IS NOT NULL ORDER BY type DESC")
    .pluck()
    .all()
  db.close()
  return schema
}
