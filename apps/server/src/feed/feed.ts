import type { DurableEvent, FeedEvent } from '@arawn/core/wire-event'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { createDeltas } from './deltas.js'

export interface FeedInput {
  /** Behind which event it goes on; without it from now on. */
  readonly since?: string | undefined
  /** By default everything. */
  readonly workstream?: string | undefined
  readonly signal: AbortSignal
}

/**
 * What happens, as it goes over a wire: the events of the logs, each once and in order, and between them the answers that
 * are being given in this process, piece by piece.
 *
 * Both wait until they are asked for, so a slow reader costs no memory: events stay in the logs, and pieces add up.
 *
 * @throws INVALID_INPUT at once: `since` is no place
 */
export function feed(manager: FeedManager, input: FeedInput): AsyncGenerator<FeedEvent> {
  return follow(manager, manager.subscribe(input), input)
}

type FeedManager = Pick<WorkstreamManager, 'subscribe' | 'listRunningTurns'>

async function* follow(
  manager: FeedManager,
  events: AsyncIterableIterator<WorkstreamEvent>,
  { since, workstream, signal }: FeedInput,
): AsyncGenerator<FeedEvent> {
  const from = since === undefined ? Date.now() * 1_000 : Number.parseInt(since, 10)
  const deltas = createDeltas({ from, signal })
  let next = asked(events)
  try {
    for (const turn of await manager.listRunningTurns(workstream)) deltas.follow(turn)
    for (;;) {
      yield* deltas.take()
      const seen = await Promise.race([next, deltas.more()])
      if (seen === undefined) continue
      if (seen.done === true) return
      const event = seen.value
      yield durable(event)
      if (event.type === 'message.created') deltas.told(event.message)
      if (event.type === 'turn.started') {
        const running = await manager.listRunningTurns(event.workstream_id)
        const turn = running.find(({ interaction_id }) => interaction_id === event.record.interaction_id)
        if (turn !== undefined) deltas.follow(turn)
      }
      next = asked(events)
    }
  } finally {
    await events.return?.()
  }
}

/** The next one. Whoever leaves before it comes need not hear that it failed. */
function asked<Event>(events: AsyncIterator<Event>): Promise<IteratorResult<Event>> {
  const next = events.next()
  next.catch(() => {})
  return next
}

function durable({ cursor, ...event }: WorkstreamEvent): DurableEvent {
  return { id: cursor, ...event }
}
