import type { Again } from '@arawn/core/again'
import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import type { MessagePage } from '@arawn/core/message-operations'
import type { RouteAnswer, RouteName, RouteRequest } from '@arawn/core/protocol'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { AnswerMemory } from '../calls/answer-memory.js'
import type { Handlers } from '../calls/handler.js'
import { listAnswer } from '../calls/list-answer.js'
import { replayedHeader } from '../calls/replayed-header.js'
import { turnAnswer, turnEvents } from './turn-answer.js'

type Names = Extract<
  RouteName,
  'addMessage' | 'listMessages' | 'pushMessage' | 'chat' | 'getTurn' | 'cancelTurn' | 'promoteScratch'
>

export function messageHandlers(manager: WorkstreamManager, memory: AnswerMemory): Handlers<Names> {
  return {
    addMessage: async ({ params, body, idempotencyKey, gone }) => {
      const { respond, stream, model, if_busy, ...message } = body
      const workstream = params.ref
      if (!respond) {
        const sent = await manager.sendMessage({ ...message, workstream, idempotency_key: idempotencyKey })
        return { json: sent, status: 201, headers: replayedHeader(sent) }
      }
      const { role = 'user', interaction_id: interactionId, ...said } = message
      if (role !== 'user') throw invalid('role', 'only a user message is responded to')
      if (interactionId !== undefined) throw invalid('interaction_id', 'a turn has an id of its own')
      const turn = await manager.chat({ ...said, workstream, model, if_busy, idempotency_key: idempotencyKey })
      const headers = replayedHeader(turn)
      if (stream) return { events: turnEvents(turn, gone), headers }
      return { json: await turnAnswer(turn), status: 200, headers }
    },
    listMessages: async ({ params: { ref }, query }) => {
      const { order: _, include_promoted: includePromoted, ...rest } = query
      const bytes = await memory.bytes(
        `messages ${JSON.stringify([ref, query])}`,
        (again: Again<MessagePage>) => manager.listMessages(ref, { ...rest, includePromoted }, again),
        (page) => messageList(page, query),
      )
      return { bytes }
    },
    pushMessage: async ({ params, body, idempotencyKey }) => {
      const pushed = await manager.pushAgentMessage({
        ...body,
        workstream: params.ref,
        idempotency_key: idempotencyKey,
      })
      return { json: pushed, status: 201, headers: replayedHeader(pushed) }
    },
    chat: async ({ body, idempotencyKey, gone }) => {
      const { message: content, workstream_id: workstream, stream, ...said } = body
      const turn = await manager.chat({ ...said, content, workstream, idempotency_key: idempotencyKey })
      const headers = replayedHeader(turn)
      return stream ? { events: turnEvents(turn, gone), headers } : { json: await turnAnswer(turn), headers }
    },
    getTurn: async ({ params, wantsEvents, gone }) => {
      const turn = await manager.getTurn(params.ref, params.turn)
      return wantsEvents ? { events: turnEvents(turn, gone) } : { json: await turnAnswer(turn) }
    },
    cancelTurn: async ({ params }) => {
      const turn = params.turn === 'running' ? undefined : params.turn
      return { json: { cancelled: await manager.cancelTurn(params.ref, turn) } }
    },
    promoteScratch: async ({ params, body: { title, ...body }, idempotencyKey }) => {
      const isNew = (await manager.getWorkstream(params.ref)).id === SCRATCH_ID
      if (isNew && title === undefined) throw invalid('title', 'a new workstream needs a title')
      if (!isNew && title !== undefined) throw invalid('title', 'this workstream has its title already')
      const target = isNew ? { title } : { into: params.ref }
      const report = await manager.promote({ ...body, ...target, idempotency_key: idempotencyKey })
      const { id, workstream, messages } = report
      return { json: { id, workstream_id: workstream.id, workstream, messages }, headers: replayedHeader(report) }
    },
  }
}

function messageList(
  { items, hasOlder, hasNewer }: MessagePage,
  { order, after }: RouteRequest<'listMessages'>['query'],
): RouteAnswer<'listMessages'> {
  const hasMore = after === undefined ? hasOlder : hasNewer
  const end = after === undefined ? items[0] : items.at(-1)
  const next = hasMore ? end?.id : undefined
  const data = order === 'desc' ? [...items].reverse() : items
  const list = listAnswer({ items: data, hasMore, next }, ({ id }) => id)
  return { ...list, has_older: hasOlder, has_newer: hasNewer }
}

function invalid(path: string, problem: string): WorkstreamError<'INVALID_INPUT'> {
  return new WorkstreamError('INVALID_INPUT', `${path}: ${problem}`, { path, problem })
}
