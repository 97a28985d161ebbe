import { hasCode } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { SearchExpression, SearchFilter, SearchHit } from '@arawn/core/search'
import type { FoundMessage, MessageSearchAnswer } from '@arawn/core/search-operations'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { Page } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { parseSearchQuery } from '@arawn/engine/search-query'
import { createSearchRanking, type SearchIndex } from '@arawn/engine/search-ranking'
import { searchableText } from '@arawn/engine/searchable-text'
import { snippetOf } from '@arawn/engine/snippet'
import type * as z from 'zod'
import { cannotWrite } from '../index-care/cannot-write.js'
import { levelSearchSchema, searchSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { isStale, readMessages } from '../reading/read-messages.js'
import { findBest, type RankedHit } from '../search/find-best.js'
import { levelIfPossible } from '../search/level-if-possible.js'
import type { SearchCare } from '../search/search-care.js'
import { cursorAfter, readCursor, type SearchCursor } from '../search/search-cursor.js'
import type { Desk } from './desk.js'

// Enough for the disk to be busy, few enough to hold open at once.
const READ_TOGETHER = 32

type Hit = SearchHit & Partial<Pick<RankedHit, 'score' | 'partial'>>
type Operations = Pick<WorkstreamManager, 'searchMessages' | 'levelSearch'>

export function createSearchOperations(
  { index, log, queue, clock, ask, read }: Desk,
  { searchCare, analyzer }: { searchCare: SearchCare; analyzer: TextAnalyzer },
): Operations {
  const rank = createSearchRanking(analyzer)

  async function answer(
    input: z.output<typeof searchSchema>,
    expression: SearchExpression,
    workstreamId: WorkstreamId | undefined,
  ): Promise<MessageSearchAnswer> {
    const complete = await levelIfPossible(searchCare, { withinMs: input.withinMs })
    const cursor: SearchCursor =
      input.after === undefined ? { upToStamp: await index.lastStamp() } : readCursor(input.order, input.after)
    const filter: SearchFilter = {
      sessionId: input.session,
      role: input.role,
      author: input.author,
      sinceMs: input.since === undefined ? undefined : Date.parse(input.since),
      untilMs: input.until === undefined ? undefined : Date.parse(input.until),
      includePromoted: input.includePromoted,
      upToStamp: cursor.upToStamp,
    }
    const page = await hitsOf({ input, expression, workstreamId, filter, cursor })
    const found: (FoundMessage | undefined)[] = []
    for (let from = 0; from < page.items.length; from += READ_TOGETHER)
      found.push(
        ...(await Promise.all(page.items.slice(from, from + READ_TOGETHER).map((hit) => show(hit, expression)))),
      )
    const items = found.filter((one) => one !== undefined)
    const next = page.hasMore ? cursorAfter(input.order, cursor, page.items) : undefined
    return { items, complete: complete && items.length === found.length, ...(next !== undefined && { next }) }
  }

  async function hitsOf({
    input: { query, order, limit },
    expression,
    workstreamId,
    filter,
    cursor: { after, except },
  }: {
    input: z.output<typeof searchSchema>
    expression: SearchExpression
    workstreamId: WorkstreamId | undefined
    filter: SearchFilter
    cursor: SearchCursor
  }): Promise<Page<Hit>> {
    const matching = { expression, analyzerVersion: analyzer.version, workstreamId }
    if (order === 'newest') return index.searchNewest({ ...matching, ...filter, after, limit })
    const ranked = await rank(searchIndex(workstreamId), { expression, text: query, nowMs: clock.nowMs(), except })
    const { hits, hasMore } = await findBest(index, ranked, filter, limit)
    return { items: hits, hasMore }
  }

  function searchIndex(workstreamId: WorkstreamId | undefined): SearchIndex {
    const analyzerVersion = analyzer.version
    return {
      size: async () => {
        if (workstreamId !== undefined) return index.searchedUpTo(workstreamId, analyzerVersion)
        const { applied, behind } = await index.searchLag(analyzerVersion)
        return applied - behind
      },
      matches: (expression, limit) => index.searchMatches({ expression, analyzerVersion, workstreamId }, limit),
      shapes: (workstreamIds) => index.recallShapes(workstreamIds, analyzerVersion),
    }
  }

  async function show(hit: Hit, expression: SearchExpression): Promise<FoundMessage | undefined> {
    const message = await messageOf(hit)
    if (message === undefined) return undefined
    const { text, highlights } = snippetOf(searchableText(message), expression, analyzer)
    return {
      message,
      workstream_id: hit.workstreamId,
      snippet: text,
      highlights: highlights.map(([from, to]) => [from, to]),
      ...(hit.score !== undefined && { score: hit.score }),
      ...(hit.partial === true && { partial: true }),
    }
  }

  /** @returns undefined for a line that somebody has changed in its place, or that cannot be read: nobody else suffers */
  async function messageOf({ workstreamId, position }: SearchHit): Promise<Message | undefined> {
    try {
      const [message] = await readMessages(log, workstreamId, [position])
      return message
    } catch (error) {
      if (!isStale(error)) throw error
      await queue.catchUp(workstreamId, { afresh: true }).catch((failure: unknown) => {
        if (!hasCode(failure, 'LOG_READ_FAILED') && !cannotWrite(failure)) throw failure
      })
      return undefined
    }
  }

  return {
    searchMessages: async (input) => {
      const parsed = parseInput(searchSchema, input)
      const { workstream } = parsed
      if (parsed.after !== undefined) readCursor(parsed.order, parsed.after)
      const asked = parseSearchQuery(parsed.query, analyzer)
      if (asked.alternatives.length === 0) return { items: [], complete: true, nothingAsked: true }
      if (workstream === undefined) return ask(() => answer(parsed, asked, undefined))
      return read(workstream, ({ id }) => answer(parsed, asked, id))
    },

    levelSearch: async ({ onProgress, ...options } = {}) => {
      const { withinMs } = parseInput(levelSearchSchema, options)
      return ask(async () => ({ complete: await levelIfPossible(searchCare, { withinMs, onProgress }) }))
    },
  }
}
