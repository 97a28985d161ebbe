import type { CompressionEvent, DurableEvent, FeedEvent } from '@arawn/core/wire-event'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { createDeltas } from './deltas.js'
import { createTurnTexts, type TurnTexts } from './turn-texts.js'

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
 * Both wait until they are asked for, so a slow reader costs no memory: events stay in the logs, and pieces add up. However
 * many follow the same, it is read once, and they get the same objects.
 *
 * @throws INVALID_INPUT at once: `since` is no place
 */
export type Feed = (input: FeedInput) => AsyncGenerator<FeedEvent>

export function createFeed(manager: FeedManager): Feed {
  const texts = createTurnTexts(manager)
  return (input) => follow(manager.subscribe(input), { manager, texts }, input)
}

type FeedManager = Pick<WorkstreamManager, 'subscribe' | 'listRunningTurns' | 'watchCompressions'>

// A reader that is so far behind hears of those that are under way later, or not at all.
const MOST_COMPRESSIONS = 64

async function* follow(
  events: AsyncIterableIterator<WorkstreamEvent>,
  { manager, texts }: { manager: FeedManager; texts: TurnTexts },
  { since, workstream }: FeedInput,
): AsyncGenerator<FeedEvent> {
  const from = since === undefined ? Date.now() * 1_000 : Number.parseInt(since, 10)
  let wake = () => {}
  const deltas = createDeltas({ from, wake: () => wake() })
  const compressions: CompressionEvent[] = []
  const stopWatching = manager.watchCompressions?.((event) => {
    if (workstream !== undefined && event.workstream_id !== workstream) return
    if (compressions.push(event) > MOST_COMPRESSIONS) compressions.shift()
    wake()
  })
  let asked = ask(events, () => wake())
  try {
    for (const text of await texts.running(workstream)) deltas.follow(text)
    for (;;) {
      yield* deltas.take()
      yield* compressions.splice(0)
      if (asked.seen === undefined) {
        // One promise each time: a race would keep what it waits for alive as long as the turn.
        await new Promise<void>((resolve) => {
          wake = resolve
          if (asked.seen !== undefined || compressions.length > 0 || deltas.isReady()) resolve()
        })
        continue
      }
      const { done, value: event } = asked.seen()
      if (done === true) return
      yield durable(event)
      if (event.type === 'message.created') deltas.told(event.message)
      if (event.type === 'turn.started') {
        const text = await texts.find(event.workstream_id, event.record.interaction_id)
        if (text !== undefined) deltas.follow(text)
      }
      asked = ask(events, () => wake())
    }
  } finally {
    deltas.end()
    stopWatching?.()
    await events.return?.()
  }
}

interface Asked {
  /** The next event, or why there is none; undefined as long as it has not come. */
  seen: (() => IteratorResult<WorkstreamEvent>) | undefined
}

function ask(events: AsyncIterator<WorkstreamEvent>, came: () => void): Asked {
  const asked: Asked = { seen: undefined }
  events.next().then(
    (result) => {
      asked.seen = () => result
      came()
    },
    (error: unknown) => {
      asked.seen = () => {
        throw error
      }
      came()
    },
  )
  return asked
}

const durables = new WeakMap<WorkstreamEvent, DurableEvent>()

function durable(event: WorkstreamEvent): DurableEvent {
  const found = durables.get(event)
  if (found !== undefined) return found
  const { cursor, ...rest } = event
  const made: DurableEvent = { id: cursor, ...rest }
  durables.set(event, made)
  return made
}
