import type { WorkstreamId } from '@arawn/core/id'
import { type DurableEvent, type FeedEvent, isDurable } from '@arawn/core/wire-event'
import { textOf } from '../feed/event-text.js'
import type { Feed } from '../feed/feed.js'
import type { LiveTail, LiveTails, Member } from '../feed/live-tail.js'
import type { Outbox } from './outbox.js'

export interface Followed {
  readonly workstream: WorkstreamId | undefined
  readonly since: string | undefined
  readonly signal: AbortSignal
}

/**
 * Follows something for one socket: by itself as long as it is behind, then with all others that follow the same. What
 * the socket does not take stays in the logs.
 *
 * @returns begins to tell, and resolves when it is over; what happens until then is not lost
 * @throws INVALID_INPUT at once: `since` is no place
 */
export function follow(
  { feed, tails, outbox }: { feed: Feed; tails: LiveTails; outbox: Outbox },
  { workstream, since, signal }: Followed,
): () => Promise<void> {
  const first = feed({ since, workstream, signal })
  /** The last event in the logs that the socket was told of. */
  let last = since

  function send(event: FeedEvent): void {
    outbox.sendFrame(textOf(event).frame)
    if (isDurable(event)) last = event.id
  }

  return async () => {
    const { tail, leave } = tails.enter(workstream)
    try {
      for (let own = first; ; own = feed({ since: last, workstream, signal })) {
        const joined = await tellUntilLevel(own, tail)
        if (joined === undefined) return
        await joined.untilBehind
        await outbox.room()
        if (signal.aborted) return
      }
    } finally {
      leave()
    }
  }

  /** @returns undefined when it is over */
  async function tellUntilLevel(own: ReturnType<Feed>, tail: LiveTail) {
    for await (const event of own) {
      if (outbox.isFull()) await outbox.room()
      if (signal.aborted) return undefined
      send(event)
      const joined = isDurable(event) && !outbox.isFull() ? join(event, tail) : undefined
      if (joined !== undefined) return joined
    }
    return undefined
  }

  function join(told: DurableEvent, tail: LiveTail): { untilBehind: Promise<void> } | undefined {
    let over = () => {}
    const member: Member = { isFull: outbox.isFull, send, fellBehind: () => over() }
    if (!tail.join(told, member)) return undefined
    const untilBehind = new Promise<void>((resolve) => {
      over = () => {
        signal.removeEventListener('abort', over)
        tail.leave(member)
        resolve()
      }
      signal.addEventListener('abort', over)
    })
    return { untilBehind }
  }
}
