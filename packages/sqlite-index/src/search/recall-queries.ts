import type { WorkstreamId } from '@arawn/core/id'
import type { RecallCandidate, RecallShape } from '@arawn/core/recall'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { quotedTokens } from './match-text.js'
import { readWordCounts } from './word-counts.js'

const texts = {
  number: `SELECT number FROM search_workstreams
     WHERE workstream_id = ? AND (SELECT analyzer_version FROM search_state) = ?`,
  sessions: `SELECT sequence, said_ms AS saidMs FROM search_sessions
     WHERE number = ? AND sequence < ? ORDER BY sequence`,
  authors: 'SELECT author FROM search_authors WHERE number = ? ORDER BY author LIMIT 1000',
  // FTS5 walks the list of a token backwards, and stops at the limit.
  sequences: `SELECT rowid & 4294967295 FROM search_tokens
     WHERE search_tokens MATCH ? AND rowid BETWEEN (? << 32) AND ((? << 32) + ?) ORDER BY rowid DESC LIMIT ?`,
  candidates: `SELECT m.id, m.role, m.session_id, m.sequence, m.stamp, m."offset", m.length, m.promotion_id, s.author
     FROM json_each(?) AS wanted
     CROSS JOIN messages AS m ON m.workstream_id = ? AND m.sequence = wanted.value
     LEFT JOIN search_messages AS s
       ON s."row" = ((SELECT number FROM search_workstreams WHERE workstream_id = m.workstream_id) << 32) + m.sequence
     WHERE m.promotion_id IS NULL ORDER BY m.sequence`,
} as const

export function createRecallQueries({ client }: Connection) {
  const numberOf = (workstreamId: WorkstreamId, analyzerVersion: number) =>
    client.prepare<unknown[], number>(texts.number).pluck().get(workstreamId, analyzerVersion)

  return {
    recallShape: async (workstreamId, analyzerVersion, before) => {
      const number = numberOf(workstreamId, analyzerVersion)
      if (number === undefined) return undefined
      const wordCounts = readWordCounts(client, number, before)
      const sessionStarts = client
        .prepare<unknown[], RecallShape['sessionStarts'][number]>(texts.sessions)
        .all(number, wordCounts.length + 1)
      const authors = client.prepare<unknown[], string>(texts.authors).pluck().all(number)
      return { wordCounts, sessionStarts, authors }
    },
    sequencesWith: async ({ workstreamId, analyzerVersion, token, before, limit }) => {
      const number = numberOf(workstreamId, analyzerVersion)
      if (number === undefined) return []
      return client
        .prepare<unknown[], number>(texts.sequences)
        .pluck()
        .all(quotedTokens([token]), number, number, before - 1, limit)
    },
    recallCandidates: async (workstreamId, sequences) =>
      client
        .prepare<unknown[], MessagePosition & { readonly author: string | null }>(texts.candidates)
        .all(JSON.stringify(sequences), workstreamId)
        .map(({ author, ...position }): RecallCandidate => ({ position, author: author ?? undefined })),
  } satisfies Partial<IndexReader>
}
