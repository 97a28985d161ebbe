import type { LanguageModels } from '@arawn/core/language-model'
import type { RouteName } from '@arawn/core/protocol'
import type { FeedEvent } from '@arawn/core/wire-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers, SentEvent } from '../calls/handler.js'
import { listAnswer, wholeList } from '../calls/list-answer.js'
import { feed } from '../feed/feed.js'

type Names = Extract<RouteName, 'searchMessages' | 'follow' | 'followWorkstream' | 'listModels'>

export function dataHandlers(manager: WorkstreamManager, models: LanguageModels): Handlers<Names> {
  return {
    searchMessages: async ({ query: { q, include_promoted: includePromoted, within_ms: withinMs, ...query } }) => {
      const found = await manager.searchMessages({ ...query, query: q, includePromoted, withinMs })
      const { items, next, complete, nothingAsked } = found
      const list = listAnswer({ items, hasMore: next !== undefined, next }, ({ message }) => message.id)
      return { json: { ...list, complete, ...(nothingAsked && { nothing_asked: nothingAsked }) } }
    },
    follow: async ({ query, lastEventId, gone }) => ({
      events: sentEvents(feed(manager, { since: lastEventId ?? query.since, signal: gone })),
    }),
    followWorkstream: async ({ params, query, lastEventId, gone }) => {
      // Whether there is such a workstream is answered before a stream begins.
      const { id } = await manager.getWorkstream(params.ref)
      return { events: sentEvents(feed(manager, { since: lastEventId ?? query.since, workstream: id, signal: gone })) }
    },
    listModels: async () => {
      const profiles = (await models.list()).map(({ isDefault, ...profile }) => ({ ...profile, is_default: isDefault }))
      return { json: wholeList(profiles, ({ profile }) => profile) }
    },
  }
}

async function* sentEvents(events: AsyncIterable<FeedEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events)
    yield { id: event.type === 'turn.delta' ? undefined : event.id, type: event.type, data: event }
}
