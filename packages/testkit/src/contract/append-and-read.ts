import { hasCode } from '@arawn/core/error'
import { type AppendEntry, MAX_LINE_BYTES } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry, failureOf, rawLinesOf, textsOf } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about appending and reading. */
export function describeAppendAndRead(logs: LogsInTest): void {
  describe('append and read', () => {
    it('gives back every line, in order, byte for byte', async () => {
      const lines = ['{"a":1}', '', 'ümläut 🦆 \u2028', '\r', 'x'.repeat(70_000)]
      await appendTo(logs.store, { workstreamId: 'a', log: 'messages', lines })
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(lines)
    })

    it('keeps bytes that are no text as they are', async () => {
      const bytes = Uint8Array.from([0, 0xff, 0xfe, 13, 9, 0x80])
      await appendTo(logs.store, { workstreamId: 'a', log: 'messages', lines: ['first', bytes, 'last'] })
      expect((await rawLinesOf(logs.store, 'a', 'messages')).map((line) => [...line.bytes])[1]).toEqual([...bytes])
    })

    it('adds behind what is there', async () => {
      for (const text of ['1', '2', '3']) await appendTo(logs.store, entry('a', 'messages', text))
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['1', '2', '3'])
    })

    it('writes to any number of logs and workstreams at once', async () => {
      const entries = ['a', 'b', 'c'].flatMap((id) => logNames.map((log) => entry(id, log, `${id} ${log}`)))
      await appendTo(logs.store, ...entries.reverse())
      for (const { workstreamId, log, lines } of entries)
        expect(await textsOf(logs.store, workstreamId, log)).toEqual(lines)
    })

    it('does nothing when there is nothing to append', async () => {
      await appendTo(logs.store)
      await appendTo(logs.store, { workstreamId: 'a', log: 'messages', lines: [] })
      expect(await logs.store.listWorkstreams()).toEqual([])
    })

    it('says at which byte each line begins', async () => {
      await appendTo(logs.store, entry('a', 'messages', 'eins', 'zwö', '', 'x'))
      expect((await rawLinesOf(logs.store, 'a', 'messages')).map((line) => line.offset)).toEqual([0, 5, 10, 11])
    })

    it('reads from the start of any line, up to the end of any other', async () => {
      const lines = ['one', 'two', 'three', 'four']
      await appendTo(logs.store, entry('a', 'messages', ...lines))
      const starts = (await rawLinesOf(logs.store, 'a', 'messages')).map((line) => line.offset)
      for (const [first, from] of starts.entries()) {
        expect(await textsOf(logs.store, 'a', 'messages', from)).toEqual(lines.slice(first))
        for (const [last, to] of starts.entries()) {
          if (last >= first)
            expect(await textsOf(logs.store, 'a', 'messages', from, to)).toEqual(lines.slice(first, last))
        }
      }
    })

    it('reads lines of every length around its batches', async () => {
      const lengths = [1024 * 1024 - 1, 1, 1024 * 1024, 0, 1024 * 1024 + 1, 3 * 1024 * 1024, 5]
      const lines = lengths.map((length, place) => String(place).repeat(length))
      await appendTo(logs.store, entry('a', 'messages', ...lines))
      expect((await textsOf(logs.store, 'a', 'messages')).map((line) => [line.length, line[0]])).toEqual(
        lines.map((line) => [line.length, line[0]]),
      )
    })

    it('takes lines of exactly the limit and refuses longer ones before anything is written', async () => {
      await appendTo(logs.store, entry('a', 'messages', 'x'.repeat(MAX_LINE_BYTES)))
      const heads = await logs.store.measure('a')
      for (const line of ['x'.repeat(MAX_LINE_BYTES + 1), 'ü'.repeat(MAX_LINE_BYTES / 2 + 1)]) {
        const error = await failureOf(
          appendTo(logs.store, entry('a', 'workstream', 'fits'), entry('a', 'messages', line)),
        )
        expect(hasCode(error, 'LOG_LINE_TOO_LONG') && error.details).toEqual({
          workstreamId: 'a',
          log: 'messages',
          bytes: Buffer.byteLength(line),
          limitBytes: MAX_LINE_BYTES,
        })
      }
      expect(await logs.store.measure('a')).toEqual(heads)
    })

    it('refuses a line that holds an LF, and two entries for one log', async () => {
      for (const entries of [
        [entry('a', 'messages', 'one\ntwo')],
        [{ workstreamId: 'a', log: 'messages', lines: [Uint8Array.from([1, 10, 2])] }],
        [entry('a', 'messages', 'one'), entry('a', 'messages', 'two')],
      ] satisfies AppendEntry[][]) {
        expect(await failureOf(appendTo(logs.store, ...entries))).toMatchObject({ code: 'INTERNAL' })
      }
      expect(await logs.store.measure('a')).toBeUndefined()
    })

    it('shows appends to other stores at once', async () => {
      const other = await logs.open()
      await appendTo(logs.store, entry('a', 'messages', 'one'))
      expect(await textsOf(other, 'a', 'messages')).toEqual(['one'])
      await appendTo(other, entry('a', 'messages', 'two'))
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['one', 'two'])
      await other.close()
    })

    it('has no lines in a log that is not there', async () => {
      expect(await textsOf(logs.store, 'nobody', 'messages')).toEqual([])
      await appendTo(logs.store, entry('a', 'workstream', 'only this one'))
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual([])
      expect(await logs.store.readRange('a', 'messages', 0, 10)).toHaveLength(0)
    })
  })

  describe('readRange', () => {
    it('gives exactly the bytes asked for, fewer where the log ends before', async () => {
      await appendTo(logs.store, entry('a', 'messages', '0123456789'))
      const range = async (offset: number, length: number) =>
        Buffer.from(await logs.store.readRange('a', 'messages', offset, length)).toString()
      expect(await range(0, 3)).toBe('012')
      expect(await range(7, 100)).toBe('789\n')
      expect(await range(11, 5)).toBe('')
      expect(await range(500, 5)).toBe('')
      expect(await range(2, 0)).toBe('')
    })
  })

  describe('readRanges', () => {
    it('gives of each range what it would give of it alone, in their order', async () => {
      await appendTo(logs.store, entry('a', 'messages', '0123456789'))
      const ranges = async (id: string, ...wanted: readonly [offset: number, length: number][]) => {
        const read = await logs.store.readRanges(
          id,
          'messages',
          wanted.map(([offset, length]) => ({ offset, length })),
        )
        return read.map((bytes) => Buffer.from(bytes).toString())
      }
      expect(await ranges('a', [7, 100], [0, 3], [500, 5], [2, 0], [2, 2])).toEqual(['789\n', '012', '', '', '23'])
      expect(await ranges('a')).toEqual([])
      expect(await ranges('nobody', [0, 3], [5, 1])).toEqual(['', ''])
    })
  })
}
