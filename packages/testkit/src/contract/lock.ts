import { hasCode } from '@arawn/core/error'
import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry, failureOf, textsOf } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about the write lock. */
export function describeLock(logs: LogsInTest): void {
  describe('lock', () => {
    it('is held by one at a time, in the order of asking', async () => {
      const stores = [logs.store, await logs.open(), await logs.open()]
      const order: number[] = []
      let holders = 0
      await Promise.all(
        Array.from({ length: 30 }, async (_, place) => {
          const writer = await stores[place % 3]?.lock(5000)
          holders += 1
          expect(holders).toBe(1)
          order.push(place)
          await new Promise((resolve) => setImmediate(resolve))
          holders -= 1
          writer?.release()
        }),
      )
      expect(order).toEqual([...order.keys()])
      await Promise.all(stores.slice(1).map((other) => other.close()))
    })

    it('gives up at the deadline and leaves the line', async () => {
      const other = await logs.open()
      const writer = await logs.store.lock(1000)
      const error = await failureOf(other.lock(30))
      expect(hasCode(error, 'LOCK_TIMEOUT') && error.details.waitedMs).toBeGreaterThanOrEqual(25)
      expect(await failureOf(other.lock(0))).toMatchObject({ code: 'LOCK_TIMEOUT' })
      writer.release()
      const next = await other.lock(1000)
      next.release()
      await other.close()
    })

    it('can be given back twice, without taking it from the next holder', async () => {
      const first = await logs.store.lock(1000)
      first.release()
      const second = await logs.store.lock(1000)
      first.release()
      expect(await failureOf(logs.store.lock(20))).toMatchObject({ code: 'LOCK_TIMEOUT' })
      second.release()
    })

    it('refuses a writer that gave it back', async () => {
      const writer = await logs.store.lock(1000)
      writer.release()
      expect(await failureOf(writer.append([entry('a', 'messages', 'late')]))).toMatchObject({ code: 'INTERNAL' })
      expect(await logs.store.measure('a')).toBeUndefined()
    })

    it('goes back only after the append under way', async () => {
      const writer = await logs.store.lock(1000)
      const appended = writer.append([entry('a', 'messages', 'one')])
      writer.release()
      await appendTo(logs.store, entry('a', 'messages', 'two'))
      await appended
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['one', 'two'])
    })

    it('asks its holder to yield only when others wait, and only after its share', async () => {
      const writer = await logs.store.lock(1000)
      await pause(15)
      expect(writer.shouldYield()).toBe(false)
      const waiting = logs.store.lock(1000)
      expect(writer.shouldYield()).toBe(true)
      writer.release()
      const next = await waiting
      expect(next.shouldYield()).toBe(false)
      next.release()
    })

    it('loses no line of many writers', async () => {
      const stores = [logs.store, await logs.open(), await logs.open(), await logs.open()]
      const lines = Array.from({ length: 80 }, (_, place) => `line ${place}`)
      await Promise.all(
        lines.map((line, place) => appendTo(stores[place % 4] ?? logs.store, entry('a', 'messages', line))),
      )
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(lines)
      await Promise.all(stores.slice(1).map((other) => other.close()))
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
