/** Imports of the model. */
import type { ImportConversationInput } from '@arawn/core/transfer-operations'
import { IDLE_MS, openSession } from './model-sessions.js'
import { firstRequest, rememberRequest } from './model-workstreams.js'
import {
  addMessage,
  addRecord,
  addWorkstream,
  find,
  type ModelWorkstream,
  refuseArchived,
  type World,
} from './model-world.js'

export interface Imported {
  readonly workstream: ModelWorkstream
  readonly counts: { created: boolean; added: number; alreadyThere: number; sessions: number }
}

/** What the product has drawn: the id of the workstream, and those of the messages that are new, in order. */
export interface DrawnImport {
  readonly workstreamId: string
  readonly messages: readonly { readonly id: string; readonly session_id: string }[]
}

export function importConversation(world: World, input: ImportConversationInput, drawn: DrawnImport): Imported {
  const { idempotency_key: key, ...asked } = input
  const request = JSON.stringify(['import', asked])
  const first = firstRequest(world, key, request)
  if (first !== undefined) {
    const { workstreamId, counts } = first.answer as { workstreamId: string; counts: Imported['counts'] }
    return { workstream: find(world, workstreamId), counts }
  }
  const source = `${input.source.format}\n${input.source.conversation_id}`
  const homes = [...world.workstreams.values()].filter(({ sources }) => sources.includes(source))
  // Several have it only when one of them was elsewhere for a while; any of them will do.
  const known = homes.find(({ id }) => id === drawn.workstreamId) ?? homes[0]
  const there = known ?? (input.into === undefined ? undefined : find(world, input.into))
  // Nothing is written when an empty conversation comes again.
  const writes = known === undefined || key !== undefined || input.messages.length > 0
  if (there !== undefined && writes) refuseArchived(there)
  const workstream = there ?? addWorkstream(world, drawn.workstreamId, world.nowMs)
  if (there === undefined) workstream.title = input.title ?? null
  else if (known === undefined || key !== undefined) addRecord(world, workstream, 'workstream.updated')
  if (known === undefined) workstream.sources.push(source)
  const done = addMessages(world, workstream, input, drawn)
  const counts = { created: there === undefined, ...done, alreadyThere: input.messages.length - done.added }
  rememberRequest(world, workstream, key, request, { workstreamId: workstream.id, counts })
  return { workstream, counts }
}

/** A silence longer than the idle time, or a step back by more than that, is a border between sessions. */
function addMessages(
  world: World,
  workstream: ModelWorkstream,
  { source: { conversation_id }, messages }: ImportConversationInput,
  drawn: DrawnImport,
): { added: number; sessions: number } {
  let session = workstream.sessions.findLast(({ reason }) => reason === 'imported')
  let added = 0
  let sessions = 0
  for (const { key, timestamp, metadata, ...said } of messages) {
    const source = { conversation_id, key }
    const isThere = workstream.messages.some(
      (other) => JSON.stringify(other.said.metadata?.source) === JSON.stringify(source),
    )
    if (isThere) continue
    const { id, session_id } = drawn.messages[added++] ?? { id: '(none)', session_id: '(none)' }
    const lastMs = session?.endedMs ?? world.nowMs
    const saidMs = timestamp === undefined ? lastMs : Date.parse(timestamp)
    if (session === undefined || saidMs - lastMs > IDLE_MS || session.startedMs - saidMs > IDLE_MS) {
      session = openSession(world, workstream, session_id, saidMs, true)
      sessions++
    }
    addMessage(world, workstream, {
      ...said,
      id,
      session_id: session.id,
      timestamp: new Date(saidMs).toISOString(),
      metadata: { ...metadata, source },
    })
  }
  return { added, sessions }
}
