import type { IndexReader } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'

// Plain SQL: a context asks for some thousand of them.
const counts =
  'SELECT sequence, tokens FROM cache_token_counts WHERE workstream_id = ? AND counter = ? AND sequence >= ?'

export function createTokenCountQueries({ client }: Connection) {
  return {
    tokenCounts: async (workstreamId, counter, from) => {
      const rows = client
        .prepare<[string, string, number], [number, number]>(counts)
        .raw()
        .all(workstreamId, counter, from)
      return new Map(rows)
    },
  } satisfies Partial<IndexReader>
}
