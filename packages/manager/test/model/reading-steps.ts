/** Steps that look. */

import type { ListMessagesInput } from '@arawn/core/message-operations'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ListWorkstreamsInput } from '@arawn/core/workstream-operations'
import fc from 'fast-check'
import { listTrash, showTrash } from './model-moves.js'
import { getWorkstream, listMessages, listSessions, listWorkstreams, showMessage } from './model-reads.js'
import type { World } from './model-world.js'
import { idOf, messageOf, reference } from './references.js'
import { pick, steps } from './step.js'

const getStep = steps(reference, (target) => ({
  name: 'getWorkstream',
  input: (scene) => idOf(scene, target),
  ask: ({ manager }, id) => manager.getWorkstream(id),
  expected: ({ world }, id) => getWorkstream(world, id),
}))

const listStep = steps(
  fc.record(
    {
      state: fc.constantFrom('active', 'paused', 'archived', 'all'),
      tag: fc.constantFrom('x', 'y'),
      text: fc.constantFrom('rus', 'ä', 'R'),
      limit: fc.integer({ min: 1, max: 4 }),
    },
    { requiredKeys: ['limit'] },
  ),
  (query: ListWorkstreamsInput) => ({
    name: 'listWorkstreams, page by page',
    input: () => query,
    ask: ({ manager }, asked) => allPages((after) => manager.listWorkstreams({ ...asked, after })),
    expected: ({ world }, asked) => listWorkstreams(world, asked),
  }),
)

const sessionsStep = steps(
  fc.tuple(reference, fc.integer({ min: 1, max: 3 }), fc.boolean()),
  ([target, limit, newestFirst]) => ({
    name: 'listSessions, page by page',
    input: (scene) => ({ id: idOf(scene, target), newestFirst, limit }),
    ask: ({ manager }, { id, ...query }) => allPages((after) => manager.listSessions(id, { ...query, after })),
    expected: ({ world }, { id, ...query }) => listSessions(world, id, query),
  }),
)

async function allPages<Item>(
  page: (after: string | undefined) => Promise<{ items: Item[]; next?: string | null | undefined }>,
): Promise<Item[]> {
  const all: Item[] = []
  let after: string | undefined
  do {
    const { items, next } = await page(after)
    all.push(...items)
    after = next ?? undefined
  } while (after !== undefined)
  return all
}

const messagesStep = steps(
  fc.record({
    target: reference,
    border: fc.constantFrom('after', 'before', 'around', undefined),
    nth: fc.nat(12),
    byId: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    includePromoted: fc.boolean(),
  }),
  ({ target, border, nth, byId, ...rest }) => ({
    name: 'listMessages',
    input(scene) {
      const id = idOf(scene, target)
      const query: ListMessagesInput = { ...rest }
      if (border !== undefined) query[border] = messageOf(scene, id, nth, byId)
      return { id, query }
    },
    ask: ({ manager }, { id, query }) => manager.listMessages(id, query),
    expected: ({ world }, { id, query }) => listMessages(world, id, query),
  }),
)

const trashStep = steps(fc.constant(undefined), () => ({
  name: 'listTrash',
  input: () => undefined,
  ask: ({ manager }) => manager.listTrash(),
  expected: ({ world }) => listTrash(world).map((entry) => ({ ...showTrash(entry), title: entry.workstream.title })),
}))

/** Everything behind a cursor that somebody was told before. */
const followStep = steps(fc.tuple(fc.nat(20), fc.option(reference, { nil: undefined })), ([nth, only]) => ({
  name: 'subscribe',
  input: (scene) => ({ nth, ...(only !== undefined && { workstream: idOf(scene, only) }) }),
  async ask({ manager }, { nth: n, workstream }, { world, cursors }) {
    const known = pick(cursors, n) ?? { cursor: 0, place: 0 }
    const wanted = whatHappened(world, known.place, workstream)
    const events = await follow(manager, { since: known.cursor, workstream }, wanted.length)
    for (const [at, { cursor }] of events.entries()) {
      const place = wanted[at]?.place
      if (place !== undefined) cursors.push({ cursor, place })
    }
    return { events, wanted }
  },
  seen: ({ events }) => events.map(eventSeen),
  expected: (_scene, _asked, answer) => answer?.wanted.map(({ shown }) => shown),
}))

export async function follow(
  manager: WorkstreamManager,
  where: { since: string | number; workstream?: string | undefined },
  count: number,
): Promise<WorkstreamEvent[]> {
  const events: WorkstreamEvent[] = []
  if (count === 0) return events
  const signal = AbortSignal.timeout(3_000)
  for await (const event of manager.subscribe({ ...where, signal })) {
    events.push(event)
    if (events.length === count) break
  }
  return events
}

export function eventSeen(event: WorkstreamEvent) {
  const { type, workstream_id } = event
  return event.type === 'message.created' ? { type, workstream_id, message: event.message } : { type, workstream_id }
}

/** In order. */
export function whatHappened({ workstreams }: World, since = 0, only?: string) {
  return [...workstreams.values()]
    .filter(({ id }) => only === undefined || id === only)
    .flatMap(({ id, events, messages }) =>
      events.map(({ place, type, messageId }) => {
        const message = messages.find(({ said }) => said.id === messageId)
        return { place, shown: { type, workstream_id: id, ...(message && { message: showMessage(message) }) } }
      }),
    )
    .filter(({ place }) => place > since)
    .sort((a, b) => a.place - b.place)
}

export const readingSteps = [getStep, listStep, sessionsStep, messagesStep, messagesStep, trashStep, followStep]
