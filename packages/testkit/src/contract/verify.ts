import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about `verify`. */
export function describeVerify(logs: LogsInTest): void {
  describe('verify', () => {
    it('counts the lines of each log that is there', async () => {
      await appendTo(logs.store, entry('a', 'workstream', '1'), entry('a', 'messages', '1', '', '3'))
      expect(await logs.store.verify('a')).toEqual([
        { log: 'workstream', bytes: 2, lines: 1, tornBytes: 0 },
        { log: 'messages', bytes: 5, lines: 3, tornBytes: 0 },
      ])
      expect(await logs.store.verify('nobody')).toEqual([])
    })

    it('has nothing in quarantine when nothing was torn', async () => {
      await appendTo(logs.store, entry('a', 'messages', '1'))
      expect(await logs.store.listQuarantine()).toEqual([])
    })
  })
}
