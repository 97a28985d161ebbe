import { describe, expect, it } from 'vitest'
import { badWorkstreamIds } from '../bad-workstream-ids.js'
import { appendTo, appendEntry as entry, failureOf, locked, rawLinesOf, restoreTo } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about ids of workstreams. */
export function describeIds(logs: LogsInTest): void {
  describe('ids', () => {
    it.each(badWorkstreamIds.map((id) => [JSON.stringify(id.slice(0, 40)), id]))(
      'refuses %s everywhere',
      async (_, id) => {
        const tries: (() => Promise<unknown>)[] = [
          () => logs.store.measure(id),
          () => rawLinesOf(logs.store, id, 'messages'),
          () => logs.store.readRange(id, 'messages', 0, 1),
          () => logs.store.verify(id),
          () => locked(logs.store, (writer) => writer.prepare(id)),
          () => locked(logs.store, (writer) => writer.trash(id)),
          () => appendTo(logs.store, entry('a', 'messages', 'x'), entry(id, 'messages', 'x')),
          () => restoreTo(logs.store, id, [{ log: 'messages', bytes: Buffer.from('x') }]),
        ]
        for (const attempt of tries) expect(await failureOf(attempt())).toMatchObject({ code: 'INVALID_WORKSTREAM_ID' })
        expect(await logs.store.listWorkstreams()).toEqual([])
      },
    )
  })
}
