import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import { eventsInLogs, eventText } from '@arawn/testkit/logged-events'
import { describe, expect, it } from 'vitest'
import { take } from './follow-steps.js'
import { testDir } from './open-manager.js'

describe('many who follow the same', () => {
  it('get the same events, read once, as soon as they are level', async () => {
    const manager = await testDir().open()
    await manager.createWorkstream({ id: 'a' })
    const followers = Array.from({ length: 50 }, (_, n) =>
      manager.subscribe({ workstream: 'a', ...(n % 2 === 0 && { since: 0 }) }),
    )
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    for (const [n, events] of followers.entries()) await take(events, n % 2 === 0 ? 3 : 2)
    const all = followers.map((events) => take(events, 2))
    await manager.sendMessage({ workstream: 'a', content: 'two' })
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    const [first = [], ...others] = await Promise.all(all)
    expect(first).toMatchObject([{ message: { content: 'two' } }, { message: { content: 'three' } }])
    for (const heard of others) for (const [place, event] of heard.entries()) expect(event).toBe(first[place])
  })

  it('each hear all of it once and in order, at any pace, wherever they begin, in one workstream or in all', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const other = await dir.open()
    for (const id of ['a', 'b']) await manager.createWorkstream({ id })
    const heard: { since: number; workstream: string | undefined; events: WorkstreamEvent[] }[] = []
    const stop = new AbortController()
    const following: Promise<void>[] = []
    let rests: (() => void)[] = []
    const follow = (workstream: string | undefined, since: number, pace: number) => {
      const events: WorkstreamEvent[] = []
      heard.push({ since, workstream, events })
      following.push(
        (async () => {
          for await (const event of manager.subscribe({ workstream, since, signal: stop.signal })) {
            events.push(event)
            // Falls behind what is at hand, and comes back.
            if (events.length % 10 < pace) await new Promise<void>((resolve) => rests.push(resolve))
          }
        })(),
      )
    }
    const wakeAll = () => {
      for (const wake of rests) wake()
      rests = []
    }
    const content = 'x'.repeat(12_000)
    for (let n = 0; n < 120; n++) {
      if (n % 20 === 0)
        for (const workstream of ['a', 'b', undefined])
          for (const pace of [0, 1, 4]) follow(workstream, n % 40 === 0 ? 0 : dir.clock.nowMs() * 1_000, pace)
      const writer = n % 3 === 0 ? other : manager
      const sent = [0, 1].map((k) =>
        writer.sendMessage({ workstream: n % 2 === 0 ? 'a' : 'b', content: `${n}.${k} ${content}` }),
      )
      if (n % 7 === 0) await Promise.all(sent)
      dir.clock.advance(1_000)
      await sent[1]
      if (n % 40 === 39) wakeAll()
    }
    const all = await take(manager.subscribe({ since: 0 }), eventsInLogs(dir.workstreamsDir).length)
    for (const { since, workstream, events } of heard) {
      const expected = all.filter(
        ({ stamp, workstream_id: id }) => stamp > since && (workstream === undefined || workstream === id),
      )
      while (events.length < expected.length) {
        wakeAll()
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(events.map(eventText)).toEqual(expected.map(eventText))
    }
    stop.abort()
    wakeAll()
    await Promise.all(following)
  })
})
