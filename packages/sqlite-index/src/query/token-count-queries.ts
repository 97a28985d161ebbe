import type { IndexReader } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'

// Plain SQL: a context asks for some thousand of them.
const counts = `SELECT c.sequence, c.tokens FROM json_each(?) AS wanted
   CROSS JOIN cache_token_counts AS c ON c.workstream_id = ? AND c.counter = ? AND c.sequence = wanted.value`

export function createTokenCountQueries({ client }: Connection) {
  return {
    tokenCounts: async (workstreamId, counter, sequences) => {
      const rows = client
        .prepare<[string, string, string], [number, number]>(counts)
        .raw()
        .all(JSON.stringify(sequences), workstreamId, counter)
      return new Map(rows)
    },
  } satisfies Partial<IndexReader>
}
