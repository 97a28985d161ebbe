import type { WorkstreamId } from '@arawn/core/id'
import type { SearchAddition } from '@arawn/core/search'
import type { Database } from 'better-sqlite3'
import { MESSAGE_POSITION, ROW_OF, ROWS_OF } from '../query/message-row.js'
import { BLOCK } from './word-counts.js'

const texts = {
  version: 'SELECT analyzer_version FROM search_state',
  setVersion: 'INSERT OR REPLACE INTO search_state (id, analyzer_version) VALUES (1, ?)',
  workstream: 'SELECT number, searched FROM search_workstreams WHERE workstream_id = ?',
  setWorkstream: `INSERT INTO search_workstreams (workstream_id, searched) VALUES (?, ?)
     ON CONFLICT (workstream_id) DO UPDATE SET searched = excluded.searched`,
  position: MESSAGE_POSITION,
  applied: `SELECT lines FROM log_heads WHERE workstream_id = ? AND log = 'messages'`,
  insertTokens: `INSERT INTO search_tokens (rowid, words, parts) VALUES (${ROW_OF}, ?, ?)`,
  insertMessage: `INSERT INTO search_messages ("row", said_ms, author) VALUES (${ROW_OF}, ?, ?)`,
  lastSession: 'SELECT session_id FROM search_sessions WHERE number = ? ORDER BY sequence DESC LIMIT 1',
  insertSession: 'INSERT INTO search_sessions (number, sequence, session_id, said_ms) VALUES (?, ?, ?, ?)',
  insertAuthor: 'INSERT OR IGNORE INTO search_authors (number, author) VALUES (?, ?)',
  wordCounts: 'SELECT counts FROM search_word_counts WHERE number = ? AND block = ?',
  setWordCounts: 'INSERT OR REPLACE INTO search_word_counts (number, block, counts) VALUES (?, ?, ?)',
  removeTokens: `DELETE FROM search_tokens WHERE rowid ${ROWS_OF}`,
  removeMessages: `DELETE FROM search_messages WHERE "row" ${ROWS_OF}`,
  removeSessions: 'DELETE FROM search_sessions WHERE number = ?',
  removeAuthors: 'DELETE FROM search_authors WHERE number = ?',
  removeWordCounts: 'DELETE FROM search_word_counts WHERE number = ?',
  removeWorkstream: 'DELETE FROM search_workstreams WHERE workstream_id = ?',
  removeAllTokens: `INSERT INTO search_tokens (search_tokens) VALUES ('delete-all')`,
  removeAllMessages: 'DELETE FROM search_messages',
  removeAllSessions: 'DELETE FROM search_sessions',
  removeAllAuthors: 'DELETE FROM search_authors',
  removeAllWordCounts: 'DELETE FROM search_word_counts',
  removeAllWorkstreams: 'DELETE FROM search_workstreams',
} as const

export interface SearchWrites {
  add(analyzerVersion: number, addition: SearchAddition): boolean
  forget(workstreamId: WorkstreamId): void
}

/** What changes the tables of search, in the open transaction of a connection. */
export function createSearchWrites(client: Database): SearchWrites {
  const run = (name: keyof typeof texts, ...values: readonly unknown[]) => client.prepare(texts[name]).run(...values)
  const get = <Row>(name: keyof typeof texts, ...values: readonly unknown[]) =>
    client.prepare<unknown[], Row>(texts[name]).get(...values)
  const workstream = (id: WorkstreamId) => get<{ number: number; searched: number }>('workstream', id)

  /** Whether the messages are still those that were read. */
  function isSame({ workstreamId, searched, upTo, rows }: SearchAddition): boolean {
    if ((workstream(workstreamId)?.searched ?? 0) !== searched) return false
    // Where the last row is, all before it was applied, even if that is not written down yet.
    if (rows.at(-1)?.position.sequence !== upTo && (get<{ lines: number }>('applied', workstreamId)?.lines ?? 0) < upTo)
      return false
    return [rows[0], rows.at(-1)].every((row) => {
      if (row === undefined) return true
      const { stamp, offset, length, sequence } = row.position
      const now = get<{ stamp: number; offset: number; length: number }>('position', workstreamId, sequence)
      return now?.stamp === stamp && now.offset === offset && now.length === length
    })
  }

  function startVersion(analyzerVersion: number): void {
    if (get<{ analyzer_version: number }>('version')?.analyzer_version === analyzerVersion) return
    run('removeAllTokens')
    run('removeAllMessages')
    run('removeAllSessions')
    run('removeAllAuthors')
    run('removeAllWordCounts')
    run('removeAllWorkstreams')
    run('setVersion', analyzerVersion)
  }

  /** What is known of all messages at once. */
  function addShape(number: number, { searched, upTo, rows }: SearchAddition): void {
    let session = get<{ session_id: string }>('lastSession', number)?.session_id
    for (const { position, saidMs } of rows) {
      if (position.session_id !== session) run('insertSession', number, position.sequence, position.session_id, saidMs)
      session = position.session_id
    }
    for (const author of new Set(rows.map((row) => row.author)))
      if (author !== undefined) run('insertAuthor', number, author)
    const said = new Map(rows.map(({ position, wordCount }) => [position.sequence, Math.min(wordCount, MOST_WORDS)]))
    for (let block = blockOf(searched + 1); block <= blockOf(upTo); block++) {
      const first = block * BLOCK + 1
      const counts = Buffer.alloc(2 * (Math.min(upTo, first + BLOCK - 1) - first + 1))
      get<{ counts: Buffer }>('wordCounts', number, block)?.counts.copy(counts)
      for (let sequence = Math.max(first, searched + 1); sequence <= upTo && sequence < first + BLOCK; sequence++)
        counts.writeUInt16LE(said.get(sequence) ?? 0, 2 * (sequence - first))
      run('setWordCounts', number, block, counts)
    }
  }

  return {
    add(analyzerVersion, addition) {
      startVersion(analyzerVersion)
      if (!isSame(addition)) return false
      run('setWorkstream', addition.workstreamId, addition.upTo)
      const number = workstream(addition.workstreamId)?.number ?? 0
      addShape(number, addition)
      const insertTokens = client.prepare(texts.insertTokens)
      for (const { position, saidMs, author = null, words, parts } of addition.rows) {
        insertTokens.run(number, position.sequence, words, parts)
        if (author !== null || saidMs !== Math.floor(position.stamp / 1000))
          run('insertMessage', number, position.sequence, saidMs, author)
      }
      return true
    },
    forget(workstreamId) {
      const found = workstream(workstreamId)
      if (found === undefined) return
      run('removeTokens', found.number, found.number)
      run('removeMessages', found.number, found.number)
      run('removeSessions', found.number)
      run('removeAuthors', found.number)
      run('removeWordCounts', found.number)
      run('removeWorkstream', workstreamId)
    },
  }
}

function blockOf(sequence: number): number {
  return Math.floor((sequence - 1) / BLOCK)
}

// What two bytes can say.
const MOST_WORDS = 65_535
