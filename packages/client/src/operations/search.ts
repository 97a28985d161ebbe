import type { MessageSearchAnswer, SearchOperations } from '@arawn/core/search-operations'
import { camelKeys } from '@arawn/core/wire-case'
import type { Calls } from '../http/calls.js'
import { isLong } from '../http/route-url.js'
import { gather } from '../paging/gather.js'

const DEFAULT_LIMIT = 20
// A server works at it for so long at a time.
const LEVEL_AT_ONCE_MS = 1_000

export function searchOperations({ call }: Calls): SearchOperations {
  return {
    searchMessages: async ({ query: q, limit = DEFAULT_LIMIT, after, includePromoted, withinMs, ...filter }) => {
      let complete = true
      let nothingAsked = false
      const query = { q, include_promoted: includePromoted, within_ms: withinMs, ...filter }
      const page = await gather(limit, after, async (most, from) => {
        // The cursor names all that was given before.
        const asked = { ...query, limit: most, after: from }
        const answer = isLong(asked)
          ? await call('searchLong', { body: asked })
          : await call('searchMessages', { query: asked })
        complete = answer.complete
        nothingAsked ||= answer.nothing_asked === true
        return { items: answer.data, next: answer.next }
      })
      const answer: MessageSearchAnswer = { items: page.items, complete }
      if (nothingAsked) answer.nothingAsked = true
      if (page.next !== undefined) answer.next = page.next
      return answer
    },
    levelSearch: async ({ withinMs = 250, onProgress } = {}) => {
      const untilMs = Date.now() + withinMs
      for (;;) {
        const left = Math.max(0, untilMs - Date.now())
        const body = { within_ms: Math.min(LEVEL_AT_ONCE_MS, left) }
        const { complete, progress } = await call('levelSearch', { body }, { timeoutMs: null })
        if (progress !== null) onProgress?.(camelKeys(progress))
        if (complete || Date.now() >= untilMs) return { complete }
      }
    },
  }
}
