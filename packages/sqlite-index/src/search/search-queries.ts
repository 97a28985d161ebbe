import type { WorkstreamId } from '@arawn/core/id'
import type { MatchQuery, SearchFilter, SearchGap, SearchHit, SearchMatches } from '@arawn/core/search'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { ROWS, ROWS_OF, sequenceIn } from '../query/message-row.js'
import { matchText } from './match-text.js'

const GAPS = `FROM log_heads AS h LEFT JOIN search_workstreams AS s ON s.workstream_id = h.workstream_id AND @current
   WHERE h.log = 'messages' AND h.lines > coalesce(s.searched, 0)`

export function createSearchQueries({ client }: Connection) {
  function isCurrent(analyzerVersion: number): 0 | 1 {
    const state = client.prepare<[], { analyzer_version: number }>('SELECT analyzer_version FROM search_state').get()
    return state?.analyzer_version === analyzerVersion ? 1 : 0
  }

  return {
    searchGaps: async (analyzerVersion, limit) =>
      client
        .prepare<unknown[], SearchGap>(
          `SELECT h.workstream_id AS workstreamId, coalesce(s.searched, 0) AS searched, h.lines AS applied
             ${GAPS} ORDER BY h.workstream_id LIMIT @limit`,
        )
        .all({ current: isCurrent(analyzerVersion), limit }),

    searchLag: async (analyzerVersion) => {
      const behind = client
        .prepare<unknown[], { lines: number }>(
          `SELECT coalesce(sum(h.lines - coalesce(s.searched, 0)), 0) AS lines ${GAPS}`,
        )
        .get({ current: isCurrent(analyzerVersion) })
      const applied = client
        .prepare<[], { lines: number }>(`SELECT coalesce(sum(lines), 0) AS lines FROM log_heads WHERE log = 'messages'`)
        .get()
      return { behind: behind?.lines ?? 0, applied: applied?.lines ?? 0 }
    },

    searchedUpTo: async (workstreamId, analyzerVersion) =>
      isCurrent(analyzerVersion) === 0
        ? 0
        : (client
            .prepare<unknown[], number>('SELECT searched FROM search_workstreams WHERE workstream_id = ?')
            .pluck()
            .get(workstreamId) ?? 0),

    searchMatches: async (query, limit = ALL) => {
      const found = foundText(query)
      if (found === undefined) return []
      const text = `${found.text} ORDER BY rowid DESC LIMIT ?`
      return byWorkstream(
        client
          .prepare<unknown[], number>(text)
          .pluck()
          .all(...found.values, limit),
      )
    },

    searchHits: async (matches, filter) => {
      const rows = matches.flatMap(({ workstreamId, sequences }) => {
        const number = numberOf(workstreamId)
        return number === undefined ? [] : sequences.map((sequence) => number * ROWS + sequence)
      })
      const { conditions, values } = filterText(filter)
      const text = `SELECT ${HIT} FROM (SELECT value AS "row" FROM json_each(?)) AS found ${HIT_ROWS} ${where(conditions)}`
      return client
        .prepare<unknown[], HitRow>(text)
        .all(JSON.stringify(rows), ...values)
        .map(toHit)
    },

    searchNewest: async ({ limit, after, ...query }) => {
      const found = foundText(query)
      if (found === undefined) return { items: [], hasMore: false }
      const { conditions, values } = filterText(query)
      if (after !== undefined) {
        const { saidMs, workstreamId, sequence } = after
        conditions.push(
          `(${SAID_MS} < ? OR (${SAID_MS} = ? AND (w.workstream_id > ? OR (w.workstream_id = ? AND ${SEQUENCE} < ?))))`,
        )
        values.push(saidMs, saidMs, workstreamId, workstreamId, sequence)
      }
      const text = `SELECT ${HIT} FROM (${found.text}) AS found ${HIT_ROWS} ${where(conditions)}
         ORDER BY said_ms DESC, w.workstream_id, ${SEQUENCE} DESC LIMIT ?`
      const rows = client.prepare<unknown[], HitRow>(text).all(...found.values, ...values, limit + 1)
      return { items: rows.slice(0, limit).map(toHit), hasMore: rows.length > limit }
    },
  } satisfies Partial<IndexReader>

  function numberOf(workstreamId: WorkstreamId): number | undefined {
    return client
      .prepare<unknown[], number>('SELECT number FROM search_workstreams WHERE workstream_id = ?')
      .pluck()
      .get(workstreamId)
  }

  /** The rows that say what is asked for. @returns undefined when there can be none */
  function foundText({ expression, analyzerVersion, workstreamId }: MatchQuery) {
    const match = matchText(expression)
    if (match === undefined || isCurrent(analyzerVersion) === 0) return undefined
    const text = 'SELECT rowid AS "row" FROM search_tokens WHERE search_tokens MATCH ?'
    if (workstreamId === undefined) return { text, values: [match] }
    const number = numberOf(workstreamId)
    return number === undefined ? undefined : { text: `${text} AND rowid ${ROWS_OF}`, values: [match, number, number] }
  }

  /** @param rows descending */
  function byWorkstream(rows: readonly number[]): SearchMatches[] {
    const idOf = client
      .prepare<unknown[], WorkstreamId>('SELECT workstream_id FROM search_workstreams WHERE number = ?')
      .pluck()
    const matches: SearchMatches[] = []
    for (let first = 0; first < rows.length; ) {
      const number = Math.floor((rows[first] as number) / ROWS)
      const start = number * ROWS
      const sequences: number[] = []
      for (; first < rows.length && (rows[first] as number) >= start; first++)
        sequences.push((rows[first] as number) - start)
      const workstreamId = idOf.get(number)
      if (workstreamId !== undefined) matches.push({ workstreamId, sequences })
    }
    return matches
  }
}

const SAID_MS = 'coalesce(s.said_ms, m.stamp / 1000)'
const SEQUENCE = sequenceIn('found."row"')
const HIT = `w.workstream_id, ${SAID_MS} AS said_ms, s.author,
   m.id, m.role, m.session_id, ${SEQUENCE} AS sequence, m.stamp, m."offset", m.length, m.promotion_id`
// In this order: the rows of what was found are looked up, whatever the planner thinks of it.
const HIT_ROWS = `CROSS JOIN search_workstreams AS w ON w.number = found."row" >> 32
   CROSS JOIN workstreams AS n ON n.id = w.workstream_id
   CROSS JOIN messages AS m ON m."row" = (n.number << 32) + ${SEQUENCE}
   LEFT JOIN search_messages AS s ON s."row" = found."row"`

const MOVED_STAMP =
  '(SELECT p.stamp FROM promotions AS p WHERE p.workstream_id = w.workstream_id AND p.id = m.promotion_id)'

// A limit of SQLite that does not limit.
const ALL = -1

interface HitRow extends MessagePosition {
  readonly workstream_id: WorkstreamId
  readonly said_ms: number
  readonly author: string | null
}

function filterText({ sinceMs, untilMs, author, sessionId, role, upToStamp, includePromoted = false }: SearchFilter): {
  conditions: string[]
  values: unknown[]
} {
  const conditions: string[] = []
  const values: unknown[] = []
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return
    conditions.push(condition)
    values.push(value)
  }
  add(`${SAID_MS} >= ?`, sinceMs)
  add(`${SAID_MS} < ?`, untilMs)
  add('s.author = ?', author)
  add('m.session_id = ?', sessionId)
  add('m.role = ?', role)
  add('m.stamp <= ?', upToStamp)
  if (!includePromoted && upToStamp === undefined) conditions.push('m.promotion_id IS NULL')
  if (!includePromoted) add(`(m.promotion_id IS NULL OR ${MOVED_STAMP} > ?)`, upToStamp)
  return { conditions, values }
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

function toHit({ workstream_id, said_ms, author, ...position }: HitRow): SearchHit {
  return {
    workstreamId: workstream_id,
    sequence: position.sequence,
    saidMs: said_ms,
    author: author ?? undefined,
    position,
  }
}
