/** What can be asked of the model, in the form in which the product answers. */
import type { ListMessagesInput } from '@arawn/core/message-operations'
import type { ListSessionsInput } from '@arawn/core/session-operations'
import type { ListWorkstreamsInput } from '@arawn/core/workstream-operations'
import { activeSession, type EndedSession } from './model-sessions.js'
import {
  find,
  fold,
  type ModelMessage,
  type ModelSession,
  type ModelWorkstream,
  Refusal,
  type World,
} from './model-world.js'

const iso = (ms: number) => new Date(ms).toISOString()

export function showWorkstream(workstream: ModelWorkstream) {
  const { id, title, isScratch, state, defaultModel, tags, metadata, forkedFrom, messages } = workstream
  return {
    id,
    title,
    summary: null,
    is_scratch: isScratch,
    state,
    default_model: defaultModel,
    tags: [...tags],
    metadata,
    forked_from: forkedFrom,
    created_at: iso(workstream.createdMs ?? 0),
    updated_at: iso(workstream.updatedMs),
    last_message_at: workstream.lastSaidMs === undefined ? null : iso(workstream.lastSaidMs),
    message_count: messages.filter(isShown).length,
  }
}

export function showSession({ workstream, session }: EndedSession) {
  const shown = workstream.messages.filter((message) => isShown(message) && message.said.session_id === session.id)
  return {
    id: session.id,
    workstream_id: workstream.id,
    started_at: iso(session.startedMs),
    ended_at: session.endedMs === null ? null : iso(session.endedMs),
    status: session.status,
    reason: session.reason,
    last_activity_at: iso(session.lastActivityMs),
    turn_count: shown.filter(({ said }) => said.role === 'user').length,
    message_count: shown.length,
    summary: null,
  }
}

export function showMessage({ said, sequence }: ModelMessage) {
  return { ...said, sequence }
}

export function getWorkstream(world: World, reference: string) {
  const workstream = find(world, reference)
  const session = activeSession(workstream)
  return { ...showWorkstream(workstream), active_session: session ? showSession({ workstream, session }) : null }
}

/** All pages in one; a workstream's place is that of its last message, or of its creation. */
export function listWorkstreams(world: World, { state, tag, text }: ListWorkstreamsInput) {
  const place = ({ lastSaidMs, createdMs = 0 }: ModelWorkstream) => lastSaidMs ?? createdMs
  return [...world.workstreams.values()]
    .filter((one) => (state === undefined ? one.state !== 'archived' : state === 'all' || one.state === state))
    .filter((one) => tag === undefined || one.tags.includes(tag))
    .filter((one) => text === undefined || (one.title !== null && fold(one.title).includes(fold(text))))
    .sort((a, b) => place(b) - place(a) || (a.id < b.id ? 1 : -1))
    .map(showWorkstream)
}

/** All pages in one. */
export function listSessions(world: World, reference: string, { newestFirst = false }: ListSessionsInput) {
  const workstream = find(world, reference)
  const shown = workstream.sessions.map((session: ModelSession) => showSession({ workstream, session }))
  return newestFirst ? shown.reverse() : shown
}

export function listMessages(world: World, reference: string, query: ListMessagesInput) {
  const { limit = 50, after, before, around, includePromoted = false } = query
  const workstream = find(world, reference)
  const all = workstream.messages.filter((message) => includePromoted || isShown(message))
  const upTo = (border: number | string | undefined) => {
    if (border === undefined) return all.length
    const sequence = sequenceOf(workstream, border)
    return all.filter((message) => message.sequence <= sequence).length
  }
  const page = (from: number, to: number) => ({
    items: all.slice(from, to).map(showMessage),
    hasOlder: from > 0,
    hasNewer: to < all.length,
  })
  if (after !== undefined) {
    const from = upTo(after)
    return page(from, Math.min(from + limit, all.length))
  }
  if (around !== undefined) {
    const middle = upTo(around)
    const newer = Math.min(all.length - middle, limit)
    // Half of the page, the message itself included, is older; what one side has not, the other may fill.
    const from = Math.max(0, middle - Math.max(Math.ceil((limit + 1) / 2), limit - newer))
    return page(from, Math.min(from + limit, all.length))
  }
  const border = before === undefined ? undefined : sequenceOf(workstream, before)
  const to = border === undefined ? all.length : all.filter(({ sequence }) => sequence < border).length
  return page(Math.max(0, to - limit), to)
}

function sequenceOf({ id, messages }: ModelWorkstream, reference: number | string): number {
  if (typeof reference === 'number') return reference
  const found = messages.find(({ said }) => said.id === reference)
  if (found !== undefined) return found.sequence
  throw new Refusal('MESSAGE_NOT_FOUND', { workstreamId: id, messageId: String(reference) })
}

export function isShown({ movedTo }: ModelMessage): boolean {
  return movedTo === undefined
}
