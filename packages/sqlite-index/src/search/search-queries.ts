import type { MessageId, SessionId, WorkstreamId } from '@arawn/core/id'
import type { Role } from '@arawn/core/message'
import type { SearchGap, SearchHit, SearchQuery } from '@arawn/core/search'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { Connection } from '../file/connection.js'
import { matchText } from './match-text.js'
import { ROWS_OF } from './search-row.js'

// A word that stands for itself says more than a part of a name.
const WORDS_WEIGHT = '1.0'
const PARTS_WEIGHT = '0.5'

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

    search: async (query) => {
      const match = matchText(query.expression)
      if (match === undefined || isCurrent(query.analyzerVersion) === 0) return { items: [], hasMore: false }
      const number = query.workstreamId === undefined ? undefined : numberOf(query.workstreamId)
      if (query.workstreamId !== undefined && number === undefined) return { items: [], hasMore: false }
      const except = exceptRows(query)
      for (const candidates of query.order === 'newest' ? [ALL] : [256, 4_096, ALL]) {
        const { text, values } = searchText(query, { match, number, except, candidates })
        const found = client.prepare<unknown[], HitRow>(text).all(...values)
        // Beyond the worst candidate there may be others that are as good.
        const sure = candidates === ALL ? found : found.filter(({ score, worst }) => score > worst)
        if (sure.length > query.limit || candidates === ALL)
          return { items: sure.slice(0, query.limit).map(toHit), hasMore: sure.length > query.limit }
      }
      return { items: [], hasMore: false }
    },
  } satisfies Partial<IndexReader>

  function numberOf(workstreamId: WorkstreamId): number | undefined {
    return client
      .prepare<unknown[], { number: number }>('SELECT number FROM search_workstreams WHERE workstream_id = ?')
      .get(workstreamId)?.number
  }

  function exceptRows({ except = {} }: SearchQuery): number[] {
    return Object.entries(except).flatMap(([workstreamId, sequences]) => {
      const number = numberOf(workstreamId)
      return number === undefined ? [] : sequences.map((sequence) => number * 2 ** 32 + sequence)
    })
  }
}

const SAID_MS = 'coalesce(s.said_ms, m.stamp / 1000)'

// A limit of SQLite that does not limit.
const ALL = -1

interface HitRow {
  readonly workstream_id: WorkstreamId
  readonly id: MessageId
  readonly session_id: SessionId
  readonly sequence: number
  readonly stamp: number
  readonly offset: number
  readonly length: number
  readonly promotion_id: string | null
  readonly role: Role
  readonly said_ms: number
  readonly score: number
  /** The score of the last candidate. */
  readonly worst: number
}

/**
 * Candidates are the best by what FTS5 alone knows; filters look up their rows. For most queries a few are enough, which
 * saves to look up the rows of all that matches.
 */
function searchText(
  { order, limit, after, sinceMs, untilMs, author, sessionId, role, includePromoted = false, upToStamp }: SearchQuery,
  {
    match,
    number,
    except,
    candidates,
  }: { match: string; number: number | undefined; except: readonly number[]; candidates: number },
): { text: string; values: unknown[] } {
  const filters: string[] = []
  const values: unknown[] = [match]
  const add = (condition: string, ...given: readonly unknown[]) => {
    filters.push(condition)
    values.push(...given)
  }
  if (number !== undefined) values.push(number, number)
  values.push(candidates)
  if (except.length > 0) add('found."row" NOT IN (SELECT value FROM json_each(?))', JSON.stringify(except))
  if (sinceMs !== undefined) add(`${SAID_MS} >= ?`, sinceMs)
  if (untilMs !== undefined) add(`${SAID_MS} < ?`, untilMs)
  if (author !== undefined) add('s.author = ?', author)
  if (after !== undefined) {
    const { saidMs, workstreamId, sequence } = after
    add(
      `(${SAID_MS} < ? OR (${SAID_MS} = ? AND (w.workstream_id > ? OR (w.workstream_id = ? AND m.sequence < ?))))`,
      ...[saidMs, saidMs, workstreamId, workstreamId, sequence],
    )
  }
  if (sessionId !== undefined) add('m.session_id = ?', sessionId)
  if (role !== undefined) add('m.role = ?', role)
  if (upToStamp !== undefined) add('m.stamp <= ?', upToStamp)
  if (!includePromoted) filters.push('m.promotion_id IS NULL')
  const newest = 'said_ms DESC, w.workstream_id, m.sequence DESC'
  return {
    text: `WITH found AS MATERIALIZED (
         SELECT rowid AS "row", -bm25(search_tokens, ${WORDS_WEIGHT}, ${PARTS_WEIGHT}) AS score
         FROM search_tokens WHERE search_tokens MATCH ? ${number === undefined ? '' : `AND rowid ${ROWS_OF}`}
         ORDER BY score DESC LIMIT ?
       )
       SELECT w.workstream_id, ${SAID_MS} AS said_ms, found.score, (SELECT min(score) FROM found) AS worst,
         m.id, m.role, m.session_id, m.sequence, m.stamp, m."offset", m.length, m.promotion_id
       FROM found
       CROSS JOIN search_workstreams AS w ON w.number = found."row" >> 32
       CROSS JOIN messages AS m ON m.workstream_id = w.workstream_id AND m.sequence = found."row" & 4294967295
       LEFT JOIN search_messages AS s ON s."row" = found."row"
       ${filters.length > 0 ? `WHERE ${filters.join(' AND ')}` : ''}
       ORDER BY ${order === 'newest' ? newest : `found.score DESC, ${newest}`} LIMIT ?`,
    values: [...values, limit + 1],
  }
}

function toHit({ workstream_id, said_ms, score, worst: _, ...position }: HitRow): SearchHit {
  return { workstreamId: workstream_id, sequence: position.sequence, saidMs: said_ms, score, position }
}
