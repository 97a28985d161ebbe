import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry, failureOf, rawLinesOf, textsOf } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about `close`. */
export function describeClose(logs: LogsInTest): void {
  describe('close', () => {
    it('lets calls under way end and refuses later ones', async () => {
      const appended = appendTo(logs.store, entry('a', 'messages', 'x'))
      const listed = logs.store.listWorkstreams()
      const writer = await logs.store.lock(1000)
      const second = writer.append([entry('a', 'messages', 'y')])
      await logs.store.close()
      await Promise.all([appended, listed, second])
      const late: (() => Promise<unknown>)[] = [
        () => logs.store.listWorkstreams(),
        () => logs.store.measure('a'),
        () => logs.store.measureAll(),
        () => rawLinesOf(logs.store, 'a', 'messages'),
        () => logs.store.readRange('a', 'messages', 0, 1),
        () => logs.store.readRanges('a', 'messages', [{ offset: 0, length: 1 }]),
        () => logs.store.lock(10),
        () => logs.store.verify('a'),
        () => logs.store.listQuarantine(),
      ]
      for (const call of late) expect(await failureOf(call())).toMatchObject({ code: 'CLOSED' })
      await logs.store.close()
      const again = await logs.open()
      expect(await textsOf(again, 'a', 'messages')).toEqual(['x', 'y'])
      await again.close()
    })

    it('gives the lock back, and sends away whoever waits for it', async () => {
      await logs.store.lock(1000)
      const waiting = failureOf(logs.store.lock(10_000))
      await logs.store.close()
      expect(await waiting).toMatchObject({ code: 'CLOSED' })
      const other = await logs.open()
      const writer = await other.lock(1000)
      writer.release()
      await other.close()
    })

    it('ends a reader at its next batch', async () => {
      await appendTo(logs.store, entry('a', 'messages', ...Array.from({ length: 5 }, () => 'x'.repeat(1024 * 1024))))
      const batches = logs.store.read('a', 'messages', 0)[Symbol.asyncIterator]()
      await batches.next()
      await logs.store.close()
      expect(await failureOf(batches.next())).toMatchObject({ code: 'CLOSED' })
    })
  })
}
