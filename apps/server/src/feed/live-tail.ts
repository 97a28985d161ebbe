import type { WorkstreamId } from '@arawn/core/id'
import type { Stamp } from '@arawn/core/stamp'
import { type DeltaEvent, type DurableEvent, type FeedEvent, isDurable } from '@arawn/core/wire-event'
import type { Feed } from './feed.js'

/**
 * Those who are level and follow the same: one feed for all of them, and each event is handed to all at once.
 *
 *     own feed, from any place ──► told of an event that was told here lately ──► here, event by event ◄── from now on
 *         ▲                                                                         │ is full
 *         └──────────────── from the last event that it was told of ◄───────────────┘
 */
export interface LiveTails {
  /**
   * Somebody follows this, and may be level soon.
   *
   * @param now a stamp behind which nothing may be missing here, if it is known
   * @returns how to leave
   */
  enter(workstream: WorkstreamId | undefined, now: Stamp | undefined): { readonly tail: LiveTail; leave(): void }
}

export interface LiveTail {
  /** Whether it was told of this event lately: then the member gets what came behind it, and all that comes. */
  join(told: DurableEvent, member: Member): boolean
  /**
   * The same for a member that wants what is behind a stamp, if all of that is at hand or yet to come here, and nobody is in the
   * middle of an answer.
   */
  joinBehind(stamp: Stamp, member: Member): boolean
  leave(member: Member): void
}

export interface Member {
  isFull(): boolean
  send(event: FeedEvent): void
  /** It was full, or there is no tail any more: from here on it is on its own. */
  fellBehind(): void
}

/** Events that somebody who is about to join may be behind. */
const RECENT = 64

export function createLiveTails(feed: Feed): LiveTails {
  const open = new Map<WorkstreamId | undefined, { count: number; readonly tail: LiveTail; readonly end: () => void }>()

  return {
    enter(workstream, now) {
      let entry = open.get(workstream)
      if (entry === undefined) {
        const ending = new AbortController()
        const events = feed({ ...(now !== undefined && { since: String(now) }), workstream, signal: ending.signal })
        entry = { count: 0, tail: openTail(events, now), end: () => ending.abort() }
        open.set(workstream, entry)
      }
      const { tail, end } = entry
      const entered = entry
      entered.count += 1
      return {
        tail,
        leave() {
          entered.count -= 1
          if (entered.count > 0) return
          if (open.get(workstream) === entered) open.delete(workstream)
          end()
        },
      }
    },
  }
}

/** @param start the stamp behind which the events begin */
function openTail(events: AsyncIterable<FeedEvent>, start = Number.POSITIVE_INFINITY): LiveTail {
  /** All that was told behind it is among the recent ones. */
  let floor = start
  let isOver = false
  const members = new Set<Member>()
  const recent: DurableEvent[] = []
  /** What was said of answers that are being given, in one piece. */
  const soFar = new Map<string, DeltaEvent>()

  function remember(event: FeedEvent): void {
    if (event.type === 'turn.delta') {
      const before = event.so_far === true ? '' : (soFar.get(event.interaction_id)?.text ?? '')
      soFar.set(event.interaction_id, { ...event, text: before + event.text, so_far: true })
      return
    }
    if (!isDurable(event)) return
    const turn = event.message?.interaction_id ?? event.record?.interaction_id
    if (typeof turn === 'string') soFar.delete(turn)
    recent.push(event)
    if (recent.length > RECENT) floor = recent.shift()?.stamp ?? floor
  }

  async function run(): Promise<void> {
    for await (const event of events) {
      remember(event)
      for (const member of members) {
        if (!member.isFull()) member.send(event)
        else leave(member)
      }
    }
  }

  function leave(member: Member): void {
    if (members.delete(member)) member.fellBehind()
  }

  run()
    // Whoever goes on alone meets what went wrong by itself.
    .catch(() => {})
    .finally(() => {
      isOver = true
      for (const member of members) leave(member)
    })

  return {
    join(told, member) {
      const place = recent.findLastIndex(({ id }) => id === told.id)
      if (isOver || place < 0) return false
      for (const event of recent.slice(place + 1)) member.send(event)
      for (const piece of soFar.values()) member.send(piece)
      members.add(member)
      return true
    },
    joinBehind(stamp, member) {
      if (isOver || stamp < floor || soFar.size > 0) return false
      for (const event of recent) if (event.stamp > stamp) member.send(event)
      members.add(member)
      return true
    },
    leave: (member) => void members.delete(member),
  }
}
