/** Workstreams of the model that come or go as a whole: forks, the trash, restored exports. */
import type { ForkWorkstreamInput } from '@arawn/core/workstream-operations'
import { isShown, showWorkstream } from './model-reads.js'
import { openSession } from './model-sessions.js'
import {
  addMessage,
  addWorkstream,
  find,
  fold,
  happen,
  type ModelTrash,
  type ModelWorkstream,
  Refusal,
  SCRATCH,
  type World,
} from './model-world.js'

export function fork(world: World, reference: string, input: ForkWorkstreamInput, drawnId: string): ModelWorkstream {
  const { message, title, id = drawnId } = input
  if (id === SCRATCH) throw new Refusal('INVALID_INPUT', { path: 'id' })
  const original = find(world, reference)
  const shown = original.messages.filter(isShown)
  const last =
    message === undefined
      ? shown.at(-1)
      : shown.find(({ said, sequence }) => (typeof message === 'number' ? sequence : said.id) === message)
  if (message !== undefined && last === undefined)
    throw new Refusal('MESSAGE_NOT_FOUND', { workstreamId: original.id, messageId: String(message) })
  if (world.workstreams.has(id)) throw new Refusal('WORKSTREAM_EXISTS', { workstreamId: id })

  const copy = addWorkstream(world, id, world.nowMs)
  copy.title = title === undefined ? original.title && `${original.title} (fork)` : title
  copy.defaultModel = original.defaultModel
  copy.tags = original.tags
  copy.metadata = original.metadata
  copy.forkedFrom = { workstream_id: original.id, message_id: last?.said.id ?? null }
  for (const { said, sequence } of shown) {
    if (sequence > (last?.sequence ?? 0)) break
    const session = original.sessions.find((one) => one.id === said.session_id)
    if (session !== undefined && !copy.sessions.some((one) => one.id === session.id))
      openSession(world, copy, session.id, session.startedMs, true)
    addMessage(world, copy, { ...said, idempotency: undefined })
  }
  return copy
}

/** @param drawnName what the product calls it in the trash */
export function purge(world: World, reference: string, drawnName: string) {
  const workstream = find(world, reference)
  const { id, isScratch, state, forkedFrom } = workstream
  if (isScratch) throw new Refusal('STATE_CHANGE_REFUSED', { workstreamId: id, from: state })
  const place = `${new Date(world.nowMs).toISOString().replaceAll(/[:.]/g, '-')}.${id}`
  const isFree = !world.trash.some(({ name }) => name === drawnName)
  const entry = { name: isFree ? drawnName : '(a name of its own)', trashedAtMs: world.nowMs, workstream }
  if (!drawnName.startsWith(place)) throw new Error(`${drawnName} does not say when, or what it was`)
  world.trash.push(entry)
  world.workstreams.delete(id)
  const moved = (world.workstreams.get(SCRATCH)?.messages ?? []).filter(({ movedTo }) => movedTo === id)
  return {
    workstream: showWorkstream(workstream),
    trashed: showTrash(entry),
    elsewhere: {
      promotedTo: [],
      promotedFrom: moved.length === 0 ? [] : [{ workstreamId: SCRATCH, messages: moved.length }],
      forks: [...world.workstreams.values()]
        .filter((one) => one.forkedFrom?.workstream_id === id)
        .map((one) => one.id)
        .sort(),
      forkedFrom,
    },
  }
}

export function showTrash({ name, trashedAtMs, workstream: { id } }: ModelTrash) {
  return { name, workstreamId: id, trashedAtMs }
}

/** Oldest first. */
export function listTrash({ trash }: World): ModelTrash[] {
  return [...trash].sort((a, b) => a.trashedAtMs - b.trashedAtMs || (a.name < b.name ? -1 : 1))
}

/**
 * By the name of an entry, else by the id of its workstream, else by its title.
 *
 * @param arrived see `comeBack`
 */
export function restoreFromTrash(world: World, reference: string, arrived: boolean) {
  const entries = listTrash(world)
  const ways: ((entry: ModelTrash) => boolean)[] = [
    ({ name }) => name === reference,
    ({ workstream: { id } }) => id === reference,
    ({ workstream: { title } }) => title !== null && fold(title) === fold(reference),
  ]
  const found = ways.map((way) => entries.filter(way)).find(({ length }) => length > 0) ?? []
  const entry = found.at(-1)
  if (entry === undefined) throw new Refusal('TRASH_ENTRY_NOT_FOUND', { name: reference })
  if (found.some(({ workstream: { id } }) => id !== entry.workstream.id)) {
    const candidates = found.map(({ name, workstream: { title } }) => ({ name, title }))
    throw new Refusal('TRASH_ENTRY_AMBIGUOUS', { reference, candidates })
  }
  const isTold = comeBack(world, entry.workstream, arrived)
  world.trash.splice(world.trash.indexOf(entry), 1)
  return { workstream: showWorkstream(entry.workstream), arrived: isTold }
}

/**
 * Those who follow are told when there are later lines already.
 *
 * @param arrived whether the product has told them: it may do so without need
 * @returns whether it had to, or did
 */
export function comeBack(world: World, workstream: ModelWorkstream, arrived: boolean): boolean {
  const { id, events } = workstream
  if (world.workstreams.has(id)) throw new Refusal('RESTORE_CONFLICT', { workstreamId: id })
  const isLate = (events[0]?.place ?? Number.POSITIVE_INFINITY) < lastPlace(world)
  world.workstreams.set(id, workstream)
  world.indexed = Math.max(world.indexed, events.at(-1)?.place ?? 0)
  world.topMs = Math.max(world.topMs, events.at(-1)?.atMs ?? 0)
  if (isLate || arrived) happen(world, workstream, { type: 'workstream.resync' })
  return isLate || arrived
}

export function emptyTrash(world: World, which: string | { olderThanMs?: number } | undefined): ModelTrash[] {
  const { olderThanMs = 0 } = typeof which === 'object' ? which : {}
  const gone = listTrash(world).filter(
    ({ name, trashedAtMs }) =>
      (typeof which !== 'string' || name === which) && Math.max(0, world.nowMs - trashedAtMs) >= olderThanMs,
  )
  if (typeof which === 'string' && gone.length === 0) throw new Refusal('TRASH_ENTRY_NOT_FOUND', { name: which })
  for (const entry of gone) world.trash.splice(world.trash.indexOf(entry), 1)
  return gone
}

/** The index is built anew. */
export function forgetIndex(world: World): void {
  world.indexed = lastPlace(world)
}

/** Without this a new index would give places anew that something in the trash has: nobody promises any order then. */
export function mayForgetIndex(world: World): boolean {
  return world.nowMs > world.topMs || lastPlace(world) === world.indexed
}

function lastPlace({ workstreams }: World): number {
  return Math.max(0, ...[...workstreams.values()].map(({ events }) => events.at(-1)?.place ?? 0))
}
