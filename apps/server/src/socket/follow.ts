import type { WorkstreamId } from '@arawn/core/id'
import type { Stamp } from '@arawn/core/stamp'
import { type DurableEvent, type FeedEvent, isDurable } from '@arawn/core/wire-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
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
 * Follows something for one socket: by itself as long as it is behind, then with all others that follow the same. Who wants
 * what comes from now on is not behind. What the socket does not take stays in the logs.
 *
 * @returns begins to tell, and resolves when it is over; what happens until then is not lost
 * @throws INVALID_INPUT at once: `since` is no place
 */
export function follow(
  { manager, feed, tails, outbox }: FollowParts,
  { workstream, since, signal }: Followed,
): () => Promise<void> {
  const now = manager.lastStamp?.()
  const first = since === undefined && now !== undefined ? undefined : feed({ since, workstream, signal })
  // Told by whoever begins.
  now?.catch(() => {})
  /** The last event in the logs that the socket was told of, or where it began. */
  let last = since

  function send(event: FeedEvent): void {
    outbox.sendFrame(textOf(event).frame)
    if (isDurable(event)) last = event.id
  }

  return async () => {
    const stamp = await now
    if (stamp !== undefined) last ??= String(stamp)
    const { tail, leave } = tails.enter(workstream, stamp)
    try {
      let joined = first === undefined && stamp !== undefined && !signal.aborted ? joinBehind(stamp, tail) : undefined
      for (let own = first; ; own = undefined) {
        joined ??= await tellUntilLevel(own ?? feed({ since: last, workstream, signal }), tail)
        if (joined === undefined) return
        await joined.untilBehind
        joined = undefined
        await outbox.room()
        if (signal.aborted) return
      }
    } finally {
      leave()
    }
  }

  /** @returns undefined when it is over */
  async function tellUntilLevel(own: ReturnType<Feed>, tail: LiveTail): Promise<Joined | undefined> {
    for await (const event of own) {
      if (outbox.isFull()) await outbox.room()
      if (signal.aborted) return undefined
      send(event)
      const joined = isDurable(event) && !outbox.isFull() ? joinAt(event, tail) : undefined
      if (joined !== undefined) return joined
    }
    return undefined
  }

  function joinAt(told: DurableEvent, tail: LiveTail): Joined | undefined {
    return join(tail, send, (member) => tail.join(told, member))
  }

  function joinBehind(stamp: Stamp, tail: LiveTail): Joined | undefined {
    // The others may not have been told yet of what lies before it.
    const sendIfNew = (event: FeedEvent) => {
      if (!isDurable(event) || event.stamp > stamp) send(event)
    }
    return join(tail, sendIfNew, (member) => tail.joinBehind(stamp, member))
  }

  function join(tail: LiveTail, tell: Member['send'], enter: (member: Member) => boolean): Joined | undefined {
    let over = () => {}
    const member: Member = { isFull: outbox.isFull, send: tell, fellBehind: () => over() }
    if (!enter(member)) return undefined
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

export interface FollowParts {
  readonly manager: Pick<WorkstreamManager, 'lastStamp'>
  readonly feed: Feed
  readonly tails: LiveTails
  readonly outbox: Outbox
}

interface Joined {
  readonly untilBehind: Promise<void>
}
