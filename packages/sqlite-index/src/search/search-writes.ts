import type { WorkstreamId } from '@arawn/core/id'
import type { SearchAddition } from '@arawn/core/search'
import type { Database } from 'better-sqlite3'
import { ROW_OF, ROWS_OF } from './search-row.js'

const texts = {
  version: 'SELECT analyzer_version FROM search_state',
  setVersion: 'INSERT OR REPLACE INTO search_state (id, analyzer_version) VALUES (1, ?)',
  workstream: 'SELECT number, searched FROM search_workstreams WHERE workstream_id = ?',
  setWorkstream: `INSERT INTO search_workstreams (workstream_id, searched) VALUES (?, ?)
     ON CONFLICT (workstream_id) DO UPDATE SET searched = excluded.searched`,
  position: 'SELECT stamp, "offset", length FROM messages WHERE workstream_id = ? AND sequence = ?',
  applied: `SELECT lines FROM log_heads WHERE workstream_id = ? AND log = 'messages'`,
  insertTokens: `INSERT INTO search_tokens (rowid, words, parts) VALUES (${ROW_OF}, ?, ?)`,
  insertMessage: `INSERT INTO search_messages ("row", said_ms, author) VALUES (${ROW_OF}, ?, ?)`,
  removeTokens: `DELETE FROM search_tokens WHERE rowid ${ROWS_OF}`,
  removeMessages: `DELETE FROM search_messages WHERE "row" ${ROWS_OF}`,
  removeWorkstream: 'DELETE FROM search_workstreams WHERE workstream_id = ?',
  removeAllTokens: `INSERT INTO search_tokens (search_tokens) VALUES ('delete-all')`,
  removeAllMessages: 'DELETE FROM search_messages',
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
    if ((get<{ lines: number }>('applied', workstreamId)?.lines ?? 0) < upTo) return false
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
    run('removeAllWorkstreams')
    run('setVersion', analyzerVersion)
  }

  return {
    add(analyzerVersion, addition) {
      startVersion(analyzerVersion)
      if (!isSame(addition)) return false
      run('setWorkstream', addition.workstreamId, addition.upTo)
      const number = workstream(addition.workstreamId)?.number
      for (const { position, saidMs, author = null, words, parts } of addition.rows) {
        run('insertTokens', number, position.sequence, words, parts)
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
      run('removeWorkstream', workstreamId)
    },
  }
}
