import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

/** What SQLite can do: a plain FTS5 table without content, words and English stems by SQLite, nothing else. */
export function openPlainFts(dir) {
  const path = join(dir, 'plain-fts.db')
  let db
  let find
  return {
    build(texts) {
      db?.close()
      rmSync(path, { force: true })
      db = new BetterSqlite3(path)
      db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF')
      db.exec(`CREATE VIRTUAL TABLE t USING fts5(text, content='', contentless_delete=1, tokenize='porter unicode61')`)
      const insert = db.prepare('INSERT INTO t (rowid, text) VALUES (?, ?)')
      db.exec('BEGIN')
      for (const [n, text] of texts.entries()) insert.run(n + 1, text)
      db.exec('COMMIT')
      find = db.prepare('SELECT rowid, bm25(t) AS score FROM t WHERE t MATCH ? ORDER BY score LIMIT 20')
    },
    find: (query) => find.all(query),
    bytes: () => statSync(path).size,
    close: () => db?.close(),
  }
}
