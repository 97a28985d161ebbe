import { hasCode } from '@arawn/core/error'
import { MAX_LINE_BYTES, type RestoredLine } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import { describe, expect, it } from 'vitest'
import {
  appendTo,
  asLines,
  appendEntry as entry,
  failureOf,
  locked,
  rawLinesOf,
  restoreTo,
  sizesOf,
  textsOf,
} from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about `LogWriter.restore`. */
export function describeRestore(logs: LogsInTest): void {
  describe('restore', () => {
    it('brings back every line of every log byte for byte, in whatever order logs take turns', async () => {
      const lines = [
        line('messages', Uint8Array.from([0, 0xff, 0xfe, 13])),
        line('workstream', 'first'),
        line('messages', ''),
        line('sessions', ' '),
        line('workstream', 'last'),
        line('messages', 'ümläut 🦆\r'),
      ]
      await restoreTo(logs.store, 'a', lines)
      for (const log of logNames) {
        const restored = (await rawLinesOf(logs.store, 'a', log)).map(({ bytes }) => Buffer.from(bytes))
        expect(restored).toEqual(lines.filter((one) => one.log === log).map(({ bytes }) => bytes))
      }
      expect(await logs.store.listWorkstreams()).toEqual(['a'])
    })

    it('keeps lines of every length around its pieces', async () => {
      const MiB = 1024 * 1024
      const lengths = [MiB - 1, 0, 1, MiB, 7, MiB - 2, 0, MiB + 1, 5, 3 * MiB, MAX_LINE_BYTES, 1]
      const texts = lengths.map((length, place) => 'abcdefghijkl'.charAt(place).repeat(length))
      await restoreTo(
        logs.store,
        'a',
        texts.flatMap((text) => [line('messages', text), line('sessions', text)]),
      )
      for (const log of ['messages', 'sessions'] as const) {
        const restored = await textsOf(logs.store, 'a', log)
        expect(restored.map((text) => [text.length, text[0]])).toEqual(texts.map((text) => [text.length, text[0]]))
      }
    })

    it('does not need a line after the next one was asked for', async () => {
      const reused = Buffer.from('one')
      const lines = async function* (): AsyncGenerator<RestoredLine> {
        yield { log: 'messages', bytes: reused }
        reused.set(Buffer.from('two'))
        yield { log: 'messages', bytes: reused }
        reused.fill('x')
      }
      await restoreTo(logs.store, 'a', lines())
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['one', 'two'])
    })

    it('can be appended to at once, under the same lock too', async () => {
      await locked(logs.store, async (writer) => {
        await writer.restore('a', asLines([line('messages', 'one')]))
        expect(sizesOf(await writer.prepare('a'))).toEqual({ workstream: 0, sessions: 0, messages: 4 })
        await writer.append([entry('a', 'messages', 'two'), entry('a', 'sessions', 'three')])
      })
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['one', 'two'])
      expect(await textsOf(logs.store, 'a', 'sessions')).toEqual(['three'])
    })

    it('leaves a workstream alone that is there', async () => {
      await appendTo(logs.store, entry('a', 'messages', 'mine'))
      const before = await logs.store.measure('a')
      const error = await failureOf(restoreTo(logs.store, 'a', [line('sessions', 'theirs')]))
      expect(hasCode(error, 'RESTORE_CONFLICT') && error.details).toEqual({ workstreamId: 'a' })
      expect(await logs.store.measure('a')).toEqual(before)
    })

    it('makes no workstream of no lines', async () => {
      await restoreTo(logs.store, 'a', [])
      expect(await logs.store.measure('a')).toBeUndefined()
      expect(await logs.store.listWorkstreams()).toEqual([])
      expect(await logs.store.unindexed()).toBeUndefined()
    })

    it('shows nothing before it has everything', async () => {
      const other = await logs.open()
      const lines = async function* (): AsyncGenerator<RestoredLine> {
        for (let n = 0; n < 5; n += 1) {
          yield line('messages', 'x'.repeat(1024 * 1024))
          expect(await other.measure('a')).toBeUndefined()
          expect(await logs.store.listWorkstreams()).toEqual([])
        }
      }
      await restoreTo(logs.store, 'a', lines())
      expect((await other.measure('a'))?.messages.bytes).toBe(5 * (1024 * 1024 + 1))
      await other.close()
    })

    it.each<[string, RestoredLine, object]>([
      ['is too long', line('sessions', 'x'.repeat(MAX_LINE_BYTES + 1)), { code: 'LOG_LINE_TOO_LONG' }],
      ['holds an LF', line('messages', 'one\ntwo'), { code: 'INTERNAL' }],
    ])('leaves nothing when a late line %s, and works afterwards', async (_, bad, expected) => {
      const good = Array.from({ length: 3 }, () => line('messages', 'x'.repeat(1024 * 1024)))
      expect(await failureOf(restoreTo(logs.store, 'a', [...good, bad]))).toMatchObject(expected)
      expect(await logs.store.measure('a')).toBeUndefined()
      await restoreTo(logs.store, 'a', good)
      expect(await textsOf(logs.store, 'a', 'messages')).toHaveLength(3)
    })

    it('ends with the error of lines that stop coming, and leaves nothing', async () => {
      const lines = async function* (): AsyncGenerator<RestoredLine> {
        yield line('messages', 'x'.repeat(2 * 1024 * 1024))
        throw new Error('the file ends here')
      }
      expect(await failureOf(restoreTo(logs.store, 'a', lines()))).toMatchObject({ message: 'the file ends here' })
      expect(await logs.store.measure('a')).toBeUndefined()
      expect(await logs.store.unindexed()).toBeUndefined()
    })

    it('tells others that there are lines to index', async () => {
      const other = await logs.open()
      await restoreTo(logs.store, 'a', [line('messages', 'x')])
      expect(await other.unindexed()).toBeTypeOf('string')
      await other.close()
    })

    it('is given up when the logs.store closes, and leaves nothing', async () => {
      const lines = async function* (): AsyncGenerator<RestoredLine> {
        for (let n = 0; n < 200; n += 1) {
          await pause(1)
          yield line('messages', 'x'.repeat(1024 * 1024))
        }
      }
      const restored = failureOf(restoreTo(logs.store, 'a', lines()))
      await pause(20)
      await logs.store.close()
      expect(await restored).toMatchObject({ code: 'CLOSED' })
      const other = await logs.open()
      expect(await other.measure('a')).toBeUndefined()
      await restoreTo(other, 'a', [line('messages', 'x')])
      await other.close()
    })
  })
}

function line(log: LogName, text: string | Uint8Array): RestoredLine {
  return { log, bytes: Buffer.from(text) }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
