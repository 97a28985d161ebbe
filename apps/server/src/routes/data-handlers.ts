import type { LanguageModels } from '@arawn/core/language-model'
import type { RouteName, RouteRequest } from '@arawn/core/protocol'
import { type FeedEvent, isDurable } from '@arawn/core/wire-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers, SentEvent } from '../calls/handler.js'
import { listAnswer, wholeList } from '../calls/list-answer.js'
import { textOf } from '../feed/event-text.js'
import type { Feed } from '../feed/feed.js'

type Names = Extract<RouteName, 'searchMessages' | 'searchLong' | 'follow' | 'followWorkstream' | 'listModels'>

export function dataHandlers(manager: WorkstreamManager, models: LanguageModels, feed: Feed): Handlers<Names> {
  async function search(asked: RouteRequest<'searchLong'>['body']) {
    const { q: query, include_promoted: includePromoted, within_ms: withinMs, ...filter } = asked
    const found = await manager.searchMessages({ ...filter, query, includePromoted, withinMs })
    const { items, next, complete, nothingAsked } = found
    const list = listAnswer({ items, hasMore: next !== undefined, next }, ({ message }) => message.id)
    return { ...list, complete, ...(nothingAsked && { nothing_asked: nothingAsked }) }
  }

  return {
    searchMessages: async ({ query }) => ({ json: await search(query) }),
    searchLong: async ({ body }) => ({ json: await search(body) }),
    follow: async ({ query, lastEventId, gone }) => ({
      events: sentEvents(feed({ since: lastEventId ?? query.since, signal: gone })),
    }),
    followWorkstream: async ({ params, query, lastEventId, gone }) => {
      // Whether there is such a workstream is answered before a stream begins.
      const { id } = await manager.getWorkstream(params.ref)
      return { events: sentEvents(feed({ since: lastEventId ?? query.since, workstream: id, signal: gone })) }
    },
    listModels: async () => {
      const profiles = (await models.list()).map(({ isDefault, ...profile }) => ({ ...profile, is_default: isDefault }))
      return { json: wholeList(profiles, ({ profile }) => profile) }
    },
  }
}

async function* sentEvents(events: AsyncIterable<FeedEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events)
    yield { id: isDurable(event) ? event.id : undefined, type: event.type, text: textOf(event).text }
}
