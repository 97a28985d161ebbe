import type { WorkstreamId } from '@arawn/core/id'
import type { RecallCandidate, RecallShape } from '@arawn/core/recall'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { onFirstUse } from '../query/on-first-use.js'
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
  isCommon: `SELECT 1 FROM search_tokens
     WHERE search_tokens MATCH ? AND rowid BETWEEN (? << 32) AND ((? << 32) + ?) LIMIT 1 OFFSET ?`,
  candidates: `SELECT m.id, m.role, m.session_id, m.sequence, m.stamp, m."offset", m.length, m.promotion_id, s.author
     FROM search_workstreams AS w
     CROSS JOIN json_each(?) AS wanted
     CROSS JOIN messages AS m ON m.workstream_id = w.workstream_id AND m.sequence = wanted.value
     LEFT JOIN search_messages AS s ON s."row" = (w.number << 32) + m.sequence
     WHERE w.workstream_id = ? AND m.promotion_id IS NULL`,
} as const

export function createRecallQueries({ client }: Connection) {
  const statements = onFirstUse(() => ({
    number: client.prepare<unknown[], number>(texts.number).pluck(),
    sessions: client.prepare<unknown[], RecallShape['sessionStarts'][number]>(texts.sessions),
    authors: client.prepare<unknown[], string>(texts.authors).pluck(),
    sequences: client.prepare<unknown[], number>(texts.sequences).pluck(),
    isCommon: client.prepare<unknown[], number>(texts.isCommon).pluck(),
    candidates: client.prepare<unknown[], MessagePosition & { readonly author: string | null }>(texts.candidates),
  }))
  const numberOf = (workstreamId: WorkstreamId, analyzerVersion: number) =>
    statements().number.get(workstreamId, analyzerVersion)

  return {
    recallShape: async (workstreamId, analyzerVersion, before) => {
      const number = numberOf(workstreamId, analyzerVersion)
      if (number === undefined) return undefined
      const wordCounts = readWordCounts(client, number, before)
      const sessionStarts = statements().sessions.all(number, wordCounts.length + 1)
      return { wordCounts, sessionStarts, authors: statements().authors.all(number) }
    },
    sequencesWith: async ({ workstreamId, analyzerVersion, token, before, limit }) => {
      const number = numberOf(workstreamId, analyzerVersion)
      if (number === undefined) return []
      return statements().sequences.all(quotedTokens([token]), number, number, before - 1, limit)
    },
    isCommon: async ({ workstreamId, analyzerVersion, token, before, limit }) => {
      const number = numberOf(workstreamId, analyzerVersion)
      if (number === undefined) return false
      return statements().isCommon.get(quotedTokens([token]), number, number, before - 1, limit) !== undefined
    },
    recallCandidates: async (workstreamId, sequences) =>
      statements()
        .candidates.all(JSON.stringify(sequences), workstreamId)
        .map(({ author, ...position }): RecallCandidate => ({ position, author: author ?? undefined })),
  } satisfies Partial<IndexReader>
}
