/** Messages of the model: sent, pushed, written by hand. */
import { derivedId } from '@arawn/core/derived-id'
import type { Role } from '@arawn/core/message'
import type { PushAgentMessageInput, SendMessageInput } from '@arawn/core/message-operations'
import { joinSession, type OwnWords } from './model-sessions.js'
import {
  addMessage,
  addWorkstream,
  find,
  type ModelMessage,
  type ModelWorkstream,
  Refusal,
  refuseArchived,
  type Said,
  SCRATCH,
  type World,
} from './model-world.js'

/** Ids that the product has drawn. */
export interface Drawn {
  readonly id: string
  readonly session_id: string
}

export interface Sent {
  readonly message: ModelMessage
  /** Where it is now. */
  readonly workstream: ModelWorkstream
}

export function send(world: World, input: SendMessageInput, drawn: Drawn, own: OwnWords): Sent {
  const { workstream = SCRATCH, role = 'user', idempotency_key, ...said } = input
  return append(
    world,
    { operation: 'send', reference: workstream, key: idempotency_key },
    { role, ...said },
    drawn,
    own,
  )
}

export function push(world: World, input: PushAgentMessageInput, drawn: Drawn, own: OwnWords): Sent {
  const { workstream, idempotency_key, ...said } = input
  const asked = { operation: 'push', reference: workstream, key: idempotency_key }
  return append(world, asked, { role: 'agent_push', ...said }, drawn, own)
}

function append(
  world: World,
  { operation, reference, key }: { operation: string; reference: string; key: string | undefined },
  said: Pick<Said, 'role' | 'content' | 'author' | 'interaction_id' | 'metadata'>,
  drawn: Drawn,
  own: OwnWords,
): Sent {
  const needsWords = said.role === 'user' || said.role === 'agent_push'
  if (needsWords && said.content.trim() === '') throw new Refusal('INVALID_INPUT', { path: 'content' })
  const workstream = find(world, reference)
  const request = JSON.stringify([operation, said])
  const first = key === undefined ? undefined : workstream.keys.get(key)
  if (first !== undefined) {
    if (first.request !== request) throw new Refusal('IDEMPOTENCY_KEY_REUSED', { workstreamId: workstream.id, key })
    return whereItIs(world, workstream, first.messageId)
  }
  refuseArchived(workstream)
  if (workstream.messages.some((other) => other.said.id === drawn.id)) throw new Error(`${drawn.id} was sent before`)
  const session = joinSession(world, workstream, drawn.session_id)
  const message = addMessage(world, workstream, {
    ...said,
    id: drawn.id,
    session_id: session.id,
    timestamp: new Date(world.nowMs).toISOString(),
    ...(key !== undefined && { idempotency: { key } }),
  })
  if (key !== undefined) workstream.keys.set(key, { request, messageId: drawn.id })
  own.set(workstream.id, { sessionId: session.id, atMs: session.lastActivityMs })
  return { message, workstream }
}

function whereItIs(world: World, workstream: ModelWorkstream, messageId: string | undefined): Sent {
  const message = workstream.messages.find(({ said }) => said.id === messageId)
  if (message === undefined) throw new Error(`the message of a repeated request, ${messageId}, is gone`)
  const target = message.movedTo === undefined ? undefined : world.workstreams.get(message.movedTo)
  const moved = target?.messages.find(({ said }) => said.id === messageId)
  return target === undefined || moved === undefined ? { message, workstream } : { message: moved, workstream: target }
}

/** A line of messages.jsonl as a person writes it; undefined is one that cannot be read. */
export interface HandWritten {
  readonly id?: string
  readonly session_id?: string
  readonly timestamp: string
  readonly role: Role
  readonly content: string
}

/** The next one to look gives it its place; nothing else happens at that moment, so it may as well have it now. */
export function writeByHand(world: World, workstreamId: string, line: HandWritten | undefined): void {
  const workstream = world.workstreams.get(workstreamId) ?? addWorkstream(world, workstreamId, undefined)
  if (line === undefined) {
    workstream.lines++
    return
  }
  const sequence = workstream.lines + 1
  addMessage(world, workstream, {
    ...line,
    id: line.id ?? derivedId('msg', workstreamId, sequence),
    session_id:
      line.session_id ?? workstream.messages.at(-1)?.said.session_id ?? derivedId('ses', workstreamId, sequence),
  })
}

/** @param drawn undefined: the product has added nothing */
export function restoreTornTail(world: World, name: string, drawn: Drawn | undefined) {
  const tail = world.tornTails.find((one) => one.name === name)
  if (tail === undefined) throw new Refusal('TORN_TAIL_NOT_FOUND', { name })
  if (tail.message === undefined) throw new Refusal('INVALID_INPUT', { path: 'name' })
  const { workstreamId } = tail
  const workstream = world.workstreams.get(workstreamId)
  if (workstream === undefined) throw new Refusal('WORKSTREAM_NOT_FOUND', { reference: workstreamId })
  refuseArchived(workstream)
  if (workstream.messages.some(({ said }) => said.id === tail.messageId))
    return { workstreamId, added: [], alreadyThere: 1 }
  tail.messageId ??= drawn?.id ?? '(none)'
  const session_id = workstream.messages.at(-1)?.said.session_id ?? drawn?.session_id ?? '(none)'
  addMessage(world, workstream, { ...tail.message, id: tail.messageId, session_id })
  return { workstreamId, added: [tail.messageId], alreadyThere: 0 }
}
