import type { WorkstreamId } from '@arawn/core/id'
import type { RecallCandidate, RecallShape, TokensQuery } from '@arawn/core/recall'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { onFirstUse } from '../query/on-first-use.js'
import { createReadSessionStarts } from './session-starts.js'
import { createTokenLists, type SearchedWorkstream } from './token-lists.js'
import { createReadWordCounts } from './word-counts.js'

const texts = {
  numbers: `SELECT w.number, w.workstream_id AS workstreamId FROM json_each(?) AS wanted
     CROSS JOIN search_workstreams AS w ON w.workstream_id = wanted.value
     WHERE (SELECT analyzer_version FROM search_state) = ?`,
  number: `SELECT number, searched FROM search_workstreams
     WHERE workstream_id = ? AND (SELECT analyzer_version FROM search_state) = ?`,
  authors: `SELECT a.number, a.author FROM json_each(?) AS wanted
     CROSS JOIN search_authors AS a ON a.number = wanted.value AND a.author <= ifnull(
       (SELECT author FROM search_authors WHERE number = wanted.value ORDER BY author LIMIT 1 OFFSET 999), x'')
     ORDER BY a.number, a.author`,
  candidates: `SELECT m.id, m.role, m.session_id, wanted.value, m.stamp, m."offset", m.length, m.promotion_id, s.author
     FROM search_workstreams AS w
     CROSS JOIN workstreams AS n ON n.id = w.workstream_id
     CROSS JOIN json_each(?) AS wanted
     CROSS JOIN messages AS m ON m."row" = (n.number << 32) + wanted.value
     LEFT JOIN search_messages AS s ON s."row" = (w.number << 32) + wanted.value
     WHERE w.workstream_id = ? AND m.promotion_id IS NULL`,
} as const

type CandidateRow = [
  id: MessagePosition['id'],
  role: MessagePosition['role'],
  session_id: MessagePosition['session_id'],
  sequence: number,
  stamp: number,
  offset: number,
  length: number,
  promotion_id: string | null,
  author: string | null,
]

export function createRecallQueries({ client }: Connection) {
  const statements = onFirstUse(() => ({
    number: client.prepare<unknown[], SearchedWorkstream>(texts.number),
    numbers: client.prepare<unknown[], { number: number; workstreamId: WorkstreamId }>(texts.numbers),
    authors: client.prepare<unknown[], { number: number; author: string }>(texts.authors),
    // As arrays: an object a row takes half as long again.
    candidates: client.prepare<unknown[], CandidateRow>(texts.candidates).raw(),
  }))
  const readWordCounts = createReadWordCounts(client)
  const sessionStarts = onFirstUse(() => createReadSessionStarts(client))
  const tokenLists = onFirstUse(() => createTokenLists(client))

  // In one transaction, the locks of the file are taken once.
  const readSequences = client.transaction(
    ({ workstreamId, analyzerVersion, tokens, before, limit }: TokensQuery): (Uint32Array | undefined)[] => {
      const found = statements().number.get(workstreamId, analyzerVersion)
      return tokens.map((token) => (found === undefined ? NONE : tokenLists().read(found, token, before, limit)))
    },
  )
  const readNewest = client.transaction(
    ({ workstreamId, analyzerVersion, tokens, before, limit }: TokensQuery): Uint32Array[] => {
      const found = statements().number.get(workstreamId, analyzerVersion)
      return tokens.map((token) => (found === undefined ? NONE : tokenLists().newest(found, token, before, limit)))
    },
  )

  // Of one moment: sessions that another process adds meanwhile would begin behind the last message.
  const readShapes = client.transaction(
    (workstreamIds: readonly WorkstreamId[], analyzerVersion: number, before: number) => {
      const found = statements().numbers.all(JSON.stringify(workstreamIds), analyzerVersion)
      const numbers = found.map(({ number }) => number)
      const wordCounts = readWordCounts(numbers, before)
      const sessions = sessionStarts()(numbers, before)
      const authors = byNumber(statements().authors.all(JSON.stringify(numbers)))
      return new Map(
        found.map(({ workstreamId, number }): [WorkstreamId, RecallShape] => [
          workstreamId,
          {
            wordCounts: wordCounts.get(number) ?? new Uint16Array(),
            sessionStarts: sessions.get(number) ?? { sequences: new Uint32Array(), saidMs: new Float64Array() },
            authors: (authors.get(number) ?? []).map(({ author }) => author),
          },
        ]),
      )
    },
  )

  return {
    recallShapes: async (workstreamIds, analyzerVersion, before = Number.MAX_SAFE_INTEGER) =>
      readShapes(workstreamIds, analyzerVersion, before),
    sequencesWith: async (query) => readSequences(query),
    newestWith: async (query) => readNewest(query),
    recallCandidates: async (workstreamId, sequences) =>
      statements().candidates.all(JSON.stringify(sequences), workstreamId).map(toCandidate),
  } satisfies Partial<IndexReader>
}

const NONE = new Uint32Array()

function toCandidate(row: CandidateRow): RecallCandidate {
  const [id, role, session_id, sequence, stamp, offset, length, promotion_id, author] = row
  return {
    position: { id, role, session_id, sequence, stamp, offset, length, promotion_id },
    author: author ?? undefined,
  }
}

function byNumber<Row extends { readonly number: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.number)
    if (group === undefined) groups.set(row.number, [row])
    else group.push(row)
  }
  return groups
}
