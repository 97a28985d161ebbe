import type { LanguageModels } from '@arawn/core/language-model'
import type { RouteName } from '@arawn/core/protocol'
import { type FeedEvent, isDurable } from '@arawn/core/wire-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Handlers, SentEvent } from '../calls/handler.js'
import { listAnswer, wholeList } from '../calls/list-answer.js'
import { replayedHeader } from '../calls/replayed-header.js'
import { textOf } from '../feed/event-text.js'
import type { Feed } from '../feed/feed.js'

type Names = Extract<
  RouteName,
  | 'searchMessages'
  | 'follow'
  | 'followWorkstream'
  | 'listModels'
  | 'importConversation'
  | 'exportWorkstream'
  | 'rebuildIndex'
  | 'verify'
>

export function dataHandlers(manager: WorkstreamManager, models: LanguageModels, feed: Feed): Handlers<Names> {
  return {
    searchMessages: async ({ query: { q, include_promoted: includePromoted, ...query } }) => {
      const found = await manager.searchMessages({ ...query, query: q, includePromoted })
      const { items, next, complete } = found
      const list = listAnswer({ items, hasMore: next !== undefined, next }, ({ message }) => message.id)
      return { json: { ...list, complete } }
    },
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
    importConversation: async ({ body, idempotencyKey }) => {
      const report = await manager.importConversation({ ...body, idempotency_key: idempotencyKey })
      const { alreadyThere: already_there, ...rest } = report
      return { json: { ...rest, already_there }, headers: replayedHeader(report) }
    },
    exportWorkstream: async ({ params, query: { format } }) => ({
      text: await manager.exportText(params.ref, format),
      type: format === 'markdown' ? 'text/markdown; charset=utf-8' : 'application/x-ndjson',
    }),
    rebuildIndex: async () => {
      const { durationMs: duration_ms, ...report } = await manager.rebuildIndex()
      return { json: { ...report, duration_ms } }
    },
    verify: async () => {
      const { ok, workstreams, messages, problems } = await manager.verify()
      return { json: { ok, workstreams, messages, problems } }
    },
  }
}

async function* sentEvents(events: AsyncIterable<FeedEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events)
    yield { id: isDurable(event) ? event.id : undefined, type: event.type, text: textOf(event).text }
}
