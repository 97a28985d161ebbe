import { setImmediate } from 'node:timers/promises'
import type { FeedEvent } from '@arawn/core/wire-event'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Feed } from '../src/feed/feed.js'
import { createLiveTails } from '../src/feed/live-tail.js'
import { follow } from '../src/socket/follow.js'
import type { Outbox } from '../src/socket/outbox.js'

const event = (stamp: number) => ({ id: `${stamp}/a/messages/1`, stamp, type: 'message.created' }) as FeedEvent
const piece = { type: 'turn.delta', interaction_id: 'int_1', text: 'Hel' } as FeedEvent

/** A feed that tells what it is given, and is asked for again and again. */
function scriptedFeed() {
  const asked: (string | undefined)[] = []
  const open: { tell(events: FeedEvent[]): Promise<void>; fail(): Promise<void> }[] = []
  const feed: Feed = async function* ({ since, signal }) {
    asked.push(since)
    let wake: (what: FeedEvent[] | 'failed') => void = () => {}
    signal.addEventListener('abort', () => wake([]))
    const told = async (what: FeedEvent[] | 'failed') => {
      wake(what)
      await setImmediate()
    }
    open.push({ tell: told, fail: () => told('failed') })
    while (!signal.aborted) {
      const what = await new Promise<FeedEvent[] | 'failed'>((resolve) => (wake = resolve))
      if (what === 'failed') throw new Error('the feed failed')
      yield* what
    }
  }
  return { feed, asked, open }
}

describe('a live tail that is joined behind a stamp', () => {
  async function tailFrom(now: number | undefined) {
    const { feed, asked, open } = scriptedFeed()
    const { tail, leave } = createLiveTails(feed).enter(undefined, now)
    onTestFinished(leave)
    await setImmediate()
    const member = () => {
      const stamps: unknown[] = []
      return {
        stamps,
        isFull: () => false,
        send: (told: FeedEvent) => void stamps.push('stamp' in told ? told.stamp : told.type),
        fellBehind: () => void stamps.push('fell behind'),
      }
    }
    return { tail, asked, told: open[0], member }
  }

  it('tells what was told behind it already, and what comes', async () => {
    const { tail, asked, told, member } = await tailFrom(4)
    expect(asked).toEqual(['4'])
    await told?.tell([5, 6, 7].map(event))
    const late = member()
    expect(tail.joinBehind(5, late)).toBe(true)
    await told?.tell([event(8)])
    expect(late.stamps).toEqual([6, 7, 8])
  })

  it('is not joined where something may be missing', async () => {
    const { tail, told, member } = await tailFrom(4)
    expect(tail.joinBehind(3, member())).toBe(false)
    await told?.tell(Array.from({ length: 70 }, (_, n) => event(5 + n)))
    // Of these the last 64 are at hand, from 11 on.
    expect(tail.joinBehind(9, member())).toBe(false)
    const late = member()
    expect(tail.joinBehind(10, late)).toBe(true)
    expect(late.stamps).toEqual(Array.from({ length: 64 }, (_, n) => 11 + n))
  })

  it('is not joined when nobody knows where it began, in the middle of an answer, or when it is over', async () => {
    expect((await tailFrom(undefined)).tail.joinBehind(1e15, (await tailFrom(1)).member())).toBe(false)
    const { tail, told, member } = await tailFrom(4)
    await told?.tell([piece])
    expect(tail.joinBehind(4, member())).toBe(false)
    const other = await tailFrom(4)
    const left = other.member()
    expect(other.tail.joinBehind(4, left)).toBe(true)
    await other.told?.tell([event(5)])
    await other.told?.fail()
    expect(left.stamps).toEqual([5, 'fell behind'])
    expect(other.tail.joinBehind(5, other.member())).toBe(false)
    expect(other.tail.join(event(5) as never, other.member())).toBe(false)
  })
})

describe('whoever follows from now on', () => {
  function socket() {
    const stamps: number[] = []
    const outbox: Outbox = {
      send: () => {},
      sendFrame: (frame) => void stamps.push(JSON.parse(frame.subarray(2).toString()).stamp),
      room: async () => {},
      isFull: () => false,
      waitingBytes: () => 0,
      left: () => 0,
    }
    return { stamps, outbox }
  }

  it('is not told of what was answered before, even when the others have yet to be told of it', async () => {
    const { feed, asked, open } = scriptedFeed()
    const tails = createLiveTails(feed)
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const begin = async (lastStamp: number) => {
      const { stamps, outbox } = socket()
      const manager = { lastStamp: async () => lastStamp }
      const parts = { manager, feed, tails, outbox }
      void follow(parts, { workstream: undefined, since: undefined, signal: ending.signal })()
      await setImmediate()
      return stamps
    }
    const early = await begin(4)
    const late = await begin(6)
    await open[0]?.tell([5, 6, 7].map(event))
    expect({ early, late }).toEqual({ early: [5, 6, 7], late: [7] })
    expect(asked).toEqual(['4'])
    // The tail is lost: each goes on by itself, from where it was.
    await open[0]?.fail()
    expect(asked).toEqual(['4', '7/a/messages/1', '7/a/messages/1'])
  })
})
