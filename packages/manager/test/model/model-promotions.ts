/** Promotions of the model: messages move out of scratch at once. */
import type { PromoteInput } from '@arawn/core/message-operations'
import { activeSession, closeSession, openSession } from './model-sessions.js'
import {
  addMessage,
  addRecord,
  addWorkstream,
  find,
  type ModelMessage,
  type ModelPromotion,
  type ModelWorkstream,
  Refusal,
  refuseArchived,
  SCRATCH,
  type World,
} from './model-world.js'

/** @param drawn ids that the product has drawn */
export function promote(world: World, input: PromoteInput, drawn: { id: string; targetId: string }): ModelPromotion {
  const { idempotency_key: key, ...asked } = input
  if (input.session !== undefined && input.messages !== undefined)
    throw new Refusal('INVALID_INPUT', { path: 'messages' })
  if ((input.title === undefined) === (input.into === undefined)) throw new Refusal('INVALID_INPUT', { path: 'title' })
  const request = JSON.stringify(['promote', asked])
  const into = input.into === undefined ? undefined : find(world, input.into)
  if (into?.isScratch === true) throw new Refusal('INVALID_INPUT', { path: 'into' })
  const first = key === undefined ? undefined : world.workstreams.get(SCRATCH)?.keys.get(key)
  if (first !== undefined) {
    if (first.request === request && first.promotion !== undefined) return first.promotion
    throw new Refusal('IDEMPOTENCY_KEY_REUSED', { workstreamId: SCRATCH, key })
  }
  if (into !== undefined) refuseArchived(into)
  const scratch = world.workstreams.get(SCRATCH)
  const moving = chosen(scratch, input).filter(({ movedTo }) => movedTo === undefined)
  if (moving.length === 0 || scratch === undefined) throw new Refusal('NOTHING_TO_PROMOTE', { workstreamId: SCRATCH })

  addRecord(world, scratch, 'promotion.started')
  const target = into ?? addWorkstream(world, drawn.targetId, world.nowMs)
  if (into === undefined) target.title = input.title ?? null
  for (const { said } of moving) copy(world, scratch, target, said)
  const active = activeSession(scratch)
  addRecord(world, scratch, 'workstream.promoted')
  for (const message of moving) message.movedTo = target.id
  const touched = active !== undefined && moving.some(({ said }) => said.session_id === active.id)
  if (touched && !scratch.messages.some(({ said, movedTo }) => said.session_id === active.id && movedTo === undefined))
    closeSession(world, scratch, active, 'promoted')
  const promotion = { id: drawn.id, targetId: target.id, messages: moving.length }
  if (key !== undefined) scratch.keys.set(key, { request, promotion })
  return promotion
}

function chosen(scratch: ModelWorkstream | undefined, { session, messages }: PromoteInput): ModelMessage[] {
  const there = scratch?.messages ?? []
  if (messages !== undefined) {
    const border = (reference: number | string) => {
      const sequence =
        typeof reference === 'number' ? reference : there.find(({ said }) => said.id === reference)?.sequence
      if (sequence === undefined)
        throw new Refusal('MESSAGE_NOT_FOUND', { workstreamId: SCRATCH, messageId: String(reference) })
      return sequence
    }
    const [first, last] = [border(messages.first), border(messages.last)]
    return there.filter(({ sequence }) => first <= sequence && sequence <= last)
  }
  const found =
    session === undefined ? scratch && activeSession(scratch) : scratch?.sessions.find(({ id }) => id === session)
  if (found !== undefined) return there.filter(({ said }) => said.session_id === found.id)
  const code = session === undefined ? 'SESSION_NOT_ACTIVE' : 'SESSION_NOT_FOUND'
  throw new Refusal(code, { workstreamId: SCRATCH, sessionId: session ?? null })
}

/** It keeps its id, key and time; its session is over there. */
function copy(world: World, scratch: ModelWorkstream, target: ModelWorkstream, said: ModelMessage['said']): void {
  if (target.messages.some((other) => other.said.id === said.id)) return
  if (!target.sessions.some(({ id }) => id === said.session_id))
    openSession(world, target, said.session_id, Date.parse(said.timestamp), true)
  addMessage(world, target, said)
  const key = said.idempotency?.key
  const remembered = key === undefined ? undefined : scratch.keys.get(key)
  if (key !== undefined && remembered !== undefined && !target.keys.has(key)) target.keys.set(key, remembered)
}
