import type { WorkstreamId } from '@arawn/core/id'
import type { MessageVector, VectorGap } from '@arawn/core/message-vector'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { onFirstUse } from '../query/on-first-use.js'

const texts = {
  number: 'SELECT number FROM cache_vector_heads WHERE workstream_id = ? AND model = ?',
  head: 'SELECT number, embedded FROM cache_vector_heads WHERE workstream_id = ? AND model = ?',
  gaps: `SELECT h.workstream_id AS workstreamId, coalesce(v.embedded, 0) AS embedded, h.lines AS applied
     FROM log_heads AS h
     JOIN workstreams AS w ON w.id = h.workstream_id AND w.state = 'active'
     LEFT JOIN cache_vector_heads AS v ON v.workstream_id = h.workstream_id AND v.model = ?
     WHERE h.log = 'messages' AND h.lines > coalesce(v.embedded, 0) ORDER BY h.workstream_id LIMIT ?`,
  count: `SELECT count(*) FROM
     (SELECT 1 FROM cache_vectors WHERE "row" > (? << 32) AND "row" < (? << 32) + ? LIMIT ?)`,
  page: `SELECT "row" & 4294967295, vector FROM cache_vectors
     WHERE "row" > (? << 32) + ? AND "row" < (? << 32) + ? ORDER BY "row" LIMIT ?`,
  of: `SELECT wanted.value, v.vector FROM json_each(?) AS wanted
     CROSS JOIN cache_vectors AS v ON v."row" = (? << 32) + wanted.value`,
  hashes: `SELECT wanted.value, v.hash FROM json_each(?) AS wanted
     CROSS JOIN cache_vectors AS v ON v."row" = (? << 32) + wanted.value`,
} as const

// A question asks for some ten thousand: as objects of their own they would take twice as long.
type VectorRow = [sequence: number, vector: Buffer]

const toVector = ([sequence, vector]: VectorRow): MessageVector => ({ sequence, vector })

export function createVectorQueries({ client }: Connection) {
  const statements = onFirstUse(() => ({
    number: client.prepare<unknown[], number>(texts.number).pluck(),
    head: client.prepare<unknown[], { readonly number: number; readonly embedded: number }>(texts.head),
    gaps: client.prepare<unknown[], VectorGap>(texts.gaps),
    count: client.prepare<unknown[], number>(texts.count).pluck(),
    page: client.prepare<unknown[], VectorRow>(texts.page).raw(),
    of: client.prepare<unknown[], VectorRow>(texts.of).raw(),
    hashes: client.prepare<unknown[], [number, string]>(texts.hashes).raw(),
  }))
  const numberOf = (workstreamId: WorkstreamId, model: string) => statements().number.get(workstreamId, model)

  return {
    vectorGaps: async (model, limit) => statements().gaps.all(model, limit),
    vectorCount: async ({ workstreamId, model, before, limit }) => {
      const head = statements().head.get(workstreamId, model)
      if (head === undefined) return 0
      // To count them their pages are read.
      const most = Math.min(head.embedded, before - 1)
      return most <= limit ? most : (statements().count.get(head.number, head.number, before, limit) ?? 0)
    },
    vectors: async ({ workstreamId, model, after, before, limit }) => {
      const number = numberOf(workstreamId, model)
      return number === undefined ? [] : statements().page.all(number, after, number, before, limit).map(toVector)
    },
    vectorsOf: async (workstreamId, model, sequences) => {
      const number = numberOf(workstreamId, model)
      return number === undefined ? [] : statements().of.all(JSON.stringify(sequences), number).map(toVector)
    },
    vectorHashes: async (workstreamId, model, sequences) => {
      const number = numberOf(workstreamId, model)
      return new Map(number === undefined ? [] : statements().hashes.all(JSON.stringify(sequences), number))
    },
  } satisfies Partial<IndexReader>
}
