import { hasCode } from '@arawn/core/error'
import { type AppendEntry, type LogStore, MAX_LINE_BYTES } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badWorkstreamIds } from './bad-workstream-ids.js'
import { describeRestore } from './contract/restore.js'
import { describeTrash } from './contract/trash.js'
import {
  appendTo,
  appendEntry as entry,
  failureOf,
  locked,
  rawLinesOf,
  restoreTo,
  sizesOf,
  textsOf,
} from './log-store-steps.js'

/** Fresh logs for one test. */
export interface LogStoreUnderTest {
  /** Another store on the same logs, as another part of the program would open it. */
  open(): Promise<LogStore>
  /** Closes and deletes everything. */
  dispose(): Promise<void>
}

/** What every adapter of `LogStore` promises. */
export function describeLogStore(name: string, setUp: () => Promise<LogStoreUnderTest>): void {
  describe(`LogStore: ${name}`, () => {
    let underTest: LogStoreUnderTest
    let store: LogStore

    beforeEach(async () => {
      underTest = await setUp()
      store = await underTest.open()
    })
    afterEach(async () => {
      await store.close()
      await underTest.dispose()
    })

    describe('append and read', () => {
      it('gives back every line, in order, byte for byte', async () => {
        const lines = ['{"a":1}', '', 'ümläut 🦆 \u2028', '\r', 'x'.repeat(70_000)]
        await appendTo(store, { workstreamId: 'a', log: 'messages', lines })
        expect(await textsOf(store, 'a', 'messages')).toEqual(lines)
      })

      it('keeps bytes that are no text as they are', async () => {
        const bytes = Uint8Array.from([0, 0xff, 0xfe, 13, 9, 0x80])
        await appendTo(store, { workstreamId: 'a', log: 'messages', lines: ['first', bytes, 'last'] })
        expect((await rawLinesOf(store, 'a', 'messages')).map((line) => [...line.bytes])[1]).toEqual([...bytes])
      })

      it('adds behind what is there', async () => {
        for (const text of ['1', '2', '3']) await appendTo(store, entry('a', 'messages', text))
        expect(await textsOf(store, 'a', 'messages')).toEqual(['1', '2', '3'])
      })

      it('writes to any number of logs and workstreams at once', async () => {
        const entries = ['a', 'b', 'c'].flatMap((id) => logNames.map((log) => entry(id, log, `${id} ${log}`)))
        await appendTo(store, ...entries.reverse())
        for (const { workstreamId, log, lines } of entries)
          expect(await textsOf(store, workstreamId, log)).toEqual(lines)
      })

      it('does nothing when there is nothing to append', async () => {
        await appendTo(store)
        await appendTo(store, { workstreamId: 'a', log: 'messages', lines: [] })
        expect(await store.listWorkstreams()).toEqual([])
      })

      it('says at which byte each line begins', async () => {
        await appendTo(store, entry('a', 'messages', 'eins', 'zwö', '', 'x'))
        expect((await rawLinesOf(store, 'a', 'messages')).map((line) => line.offset)).toEqual([0, 5, 10, 11])
      })

      it('reads from the start of any line, up to the end of any other', async () => {
        const lines = ['one', 'two', 'three', 'four']
        await appendTo(store, entry('a', 'messages', ...lines))
        const starts = (await rawLinesOf(store, 'a', 'messages')).map((line) => line.offset)
        for (const [first, from] of starts.entries()) {
          expect(await textsOf(store, 'a', 'messages', from)).toEqual(lines.slice(first))
          for (const [last, to] of starts.entries()) {
            if (last >= first) expect(await textsOf(store, 'a', 'messages', from, to)).toEqual(lines.slice(first, last))
          }
        }
      })

      it('reads lines of every length around its batches', async () => {
        const lengths = [1024 * 1024 - 1, 1, 1024 * 1024, 0, 1024 * 1024 + 1, 3 * 1024 * 1024, 5]
        const lines = lengths.map((length, place) => String(place).repeat(length))
        await appendTo(store, entry('a', 'messages', ...lines))
        expect((await textsOf(store, 'a', 'messages')).map((line) => [line.length, line[0]])).toEqual(
          lines.map((line) => [line.length, line[0]]),
        )
      })

      it('takes lines of exactly the limit and refuses longer ones before anything is written', async () => {
        await appendTo(store, entry('a', 'messages', 'x'.repeat(MAX_LINE_BYTES)))
        const heads = await store.measure('a')
        for (const line of ['x'.repeat(MAX_LINE_BYTES + 1), 'ü'.repeat(MAX_LINE_BYTES / 2 + 1)]) {
          const error = await failureOf(appendTo(store, entry('a', 'workstream', 'fits'), entry('a', 'messages', line)))
          expect(hasCode(error, 'LOG_LINE_TOO_LONG') && error.details).toEqual({
            workstreamId: 'a',
            log: 'messages',
            bytes: Buffer.byteLength(line),
            limitBytes: MAX_LINE_BYTES,
          })
        }
        expect(await store.measure('a')).toEqual(heads)
      })

      it('refuses a line that holds an LF, and two entries for one log', async () => {
        for (const entries of [
          [entry('a', 'messages', 'one\ntwo')],
          [{ workstreamId: 'a', log: 'messages', lines: [Uint8Array.from([1, 10, 2])] }],
          [entry('a', 'messages', 'one'), entry('a', 'messages', 'two')],
        ] satisfies AppendEntry[][]) {
          expect(await failureOf(appendTo(store, ...entries))).toMatchObject({ code: 'INTERNAL' })
        }
        expect(await store.measure('a')).toBeUndefined()
      })

      it('shows appends to other stores at once', async () => {
        const other = await underTest.open()
        await appendTo(store, entry('a', 'messages', 'one'))
        expect(await textsOf(other, 'a', 'messages')).toEqual(['one'])
        await appendTo(other, entry('a', 'messages', 'two'))
        expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'two'])
        await other.close()
      })

      it('has no lines in a log that is not there', async () => {
        expect(await textsOf(store, 'nobody', 'messages')).toEqual([])
        await appendTo(store, entry('a', 'workstream', 'only this one'))
        expect(await textsOf(store, 'a', 'messages')).toEqual([])
        expect(await store.readRange('a', 'messages', 0, 10)).toHaveLength(0)
      })
    })

    describe('readRange', () => {
      it('gives exactly the bytes asked for, fewer where the log ends before', async () => {
        await appendTo(store, entry('a', 'messages', '0123456789'))
        const range = async (offset: number, length: number) =>
          Buffer.from(await store.readRange('a', 'messages', offset, length)).toString()
        expect(await range(0, 3)).toBe('012')
        expect(await range(7, 100)).toBe('789\n')
        expect(await range(11, 5)).toBe('')
        expect(await range(500, 5)).toBe('')
        expect(await range(2, 0)).toBe('')
      })
    })

    describe('measure and prepare', () => {
      it('knows no workstream before its first line', async () => {
        expect(await store.measure('a')).toBeUndefined()
        expect(await locked(store, (writer) => writer.prepare('a'))).toBeUndefined()
      })

      it('agree on sizes', async () => {
        await appendTo(store, entry('a', 'workstream', '12'), entry('a', 'messages', '1', '2', '3'))
        const measured = await store.measure('a')
        expect(sizesOf(measured)).toEqual({ workstream: 3, sessions: 0, messages: 6 })
        expect(await locked(store, (writer) => writer.prepare('a'))).toEqual(measured)
      })

      it('keep the generation of a log as it grows; one that is not there has none', async () => {
        await appendTo(store, entry('a', 'messages', '1'))
        const before = await store.measure('a')
        await appendTo(store, entry('a', 'messages', '2'))
        const after = await store.measure('a')
        expect(after?.messages.generation).toBe(before?.messages.generation)
        expect(before?.messages.generation).not.toBe('')
        expect(before?.sessions).toEqual({ bytes: 0, generation: '' })
      })
    })

    describe('listWorkstreams', () => {
      it('lists ids in ascending order', async () => {
        const ids = ['scratch', 'b', 'a-1', 'a_1', 'ws_01h455vb4pex5vsknk084sn02q', '0']
        await appendTo(store, ...ids.map((id) => entry(id, 'workstream', 'x')))
        expect(await store.listWorkstreams()).toEqual([...ids].sort())
      })
    })

    describe('measureAll', () => {
      it('says of every workstream what measure says of each, in the order of the list', async () => {
        const ids = ['scratch', 'b', 'a-1', 'a_1', '0']
        await appendTo(store, ...ids.map((id) => entry(id, 'workstream', id)), entry('b', 'messages', '1', '2'))
        const all = await store.measureAll()
        expect([...all.keys()]).toEqual(await store.listWorkstreams())
        for (const [id, heads] of all) expect(heads).toEqual(await store.measure(id))
      })

      it('looks at all of them again each time', async () => {
        expect(await store.measureAll()).toEqual(new Map())
        await appendTo(store, entry('a', 'messages', '1'))
        expect(sizesOf((await store.measureAll()).get('a'))).toEqual({ workstream: 0, sessions: 0, messages: 2 })
        await appendTo(store, entry('a', 'messages', '2'))
        expect(sizesOf((await store.measureAll()).get('a'))).toEqual({ workstream: 0, sessions: 0, messages: 4 })
      })
    })

    describe('unindexed', () => {
      it('tells others of appends that nobody has indexed yet, by a name for each', async () => {
        const other = await underTest.open()
        expect(await other.unindexed()).toBeUndefined()
        await locked(store, async (writer) => {
          await writer.append([entry('a', 'messages', '1')])
          const first = await other.unindexed()
          expect(first).toBeTypeOf('string')
          expect(await store.unindexed()).toBeUndefined()
          writer.indexed()
          expect(await other.unindexed()).toBeUndefined()
          await writer.append([entry('a', 'messages', '2')])
          expect(await other.unindexed()).not.toBe(first)
          writer.indexed()
        })
        expect(await other.unindexed()).toBeUndefined()
      })

      it('outlives the one who appended, until somebody else has indexed', async () => {
        const other = await underTest.open()
        await locked(store, (writer) => writer.append([entry('a', 'messages', '1')]))
        expect(await store.unindexed()).toBe(await other.unindexed())
        expect(await other.unindexed()).toBeTypeOf('string')
        await locked(other, async (writer) => writer.indexed())
        expect(await store.unindexed()).toBeUndefined()
      })
    })

    describeRestore(() => ({ store, open: underTest.open }))
    describeTrash(() => ({ store, open: underTest.open }))

    describe('ids', () => {
      it.each(badWorkstreamIds.map((id) => [JSON.stringify(id.slice(0, 40)), id]))(
        'refuses %s everywhere',
        async (_, id) => {
          const tries: (() => Promise<unknown>)[] = [
            () => store.measure(id),
            () => rawLinesOf(store, id, 'messages'),
            () => store.readRange(id, 'messages', 0, 1),
            () => store.verify(id),
            () => locked(store, (writer) => writer.prepare(id)),
            () => locked(store, (writer) => writer.trash(id)),
            () => appendTo(store, entry('a', 'messages', 'x'), entry(id, 'messages', 'x')),
            () => restoreTo(store, id, [{ log: 'messages', bytes: Buffer.from('x') }]),
          ]
          for (const attempt of tries)
            expect(await failureOf(attempt())).toMatchObject({ code: 'INVALID_WORKSTREAM_ID' })
          expect(await store.listWorkstreams()).toEqual([])
        },
      )
    })

    describe('lock', () => {
      it('is held by one at a time, in the order of asking', async () => {
        const stores = [store, await underTest.open(), await underTest.open()]
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
        const other = await underTest.open()
        const writer = await store.lock(1000)
        const error = await failureOf(other.lock(30))
        expect(hasCode(error, 'LOCK_TIMEOUT') && error.details.waitedMs).toBeGreaterThanOrEqual(25)
        expect(await failureOf(other.lock(0))).toMatchObject({ code: 'LOCK_TIMEOUT' })
        writer.release()
        const next = await other.lock(1000)
        next.release()
        await other.close()
      })

      it('can be given back twice, without taking it from the next holder', async () => {
        const first = await store.lock(1000)
        first.release()
        const second = await store.lock(1000)
        first.release()
        expect(await failureOf(store.lock(20))).toMatchObject({ code: 'LOCK_TIMEOUT' })
        second.release()
      })

      it('refuses a writer that gave it back', async () => {
        const writer = await store.lock(1000)
        writer.release()
        expect(await failureOf(writer.append([entry('a', 'messages', 'late')]))).toMatchObject({ code: 'INTERNAL' })
        expect(await store.measure('a')).toBeUndefined()
      })

      it('goes back only after the append under way', async () => {
        const writer = await store.lock(1000)
        const appended = writer.append([entry('a', 'messages', 'one')])
        writer.release()
        await appendTo(store, entry('a', 'messages', 'two'))
        await appended
        expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'two'])
      })

      it('asks its holder to yield only when others wait, and only after its share', async () => {
        const writer = await store.lock(1000)
        await pause(15)
        expect(writer.shouldYield()).toBe(false)
        const waiting = store.lock(1000)
        expect(writer.shouldYield()).toBe(true)
        writer.release()
        const next = await waiting
        expect(next.shouldYield()).toBe(false)
        next.release()
      })

      it('loses no line of many writers', async () => {
        const stores = [store, await underTest.open(), await underTest.open(), await underTest.open()]
        const lines = Array.from({ length: 80 }, (_, place) => `line ${place}`)
        await Promise.all(
          lines.map((line, place) => appendTo(stores[place % 4] ?? store, entry('a', 'messages', line))),
        )
        expect(await textsOf(store, 'a', 'messages')).toEqual(lines)
        await Promise.all(stores.slice(1).map((other) => other.close()))
      })
    })

    describe('verify', () => {
      it('counts the lines of each log that is there', async () => {
        await appendTo(store, entry('a', 'workstream', '1'), entry('a', 'messages', '1', '', '3'))
        expect(await store.verify('a')).toEqual([
          { log: 'workstream', bytes: 2, lines: 1, tornBytes: 0 },
          { log: 'messages', bytes: 5, lines: 3, tornBytes: 0 },
        ])
        expect(await store.verify('nobody')).toEqual([])
      })

      it('has nothing in quarantine when nothing was torn', async () => {
        await appendTo(store, entry('a', 'messages', '1'))
        expect(await store.listQuarantine()).toEqual([])
      })
    })

    describe('close', () => {
      it('lets calls under way end and refuses later ones', async () => {
        const appended = appendTo(store, entry('a', 'messages', 'x'))
        const listed = store.listWorkstreams()
        const writer = await store.lock(1000)
        const second = writer.append([entry('a', 'messages', 'y')])
        await store.close()
        await Promise.all([appended, listed, second])
        const late: (() => Promise<unknown>)[] = [
          () => store.listWorkstreams(),
          () => store.measure('a'),
          () => store.measureAll(),
          () => rawLinesOf(store, 'a', 'messages'),
          () => store.readRange('a', 'messages', 0, 1),
          () => store.lock(10),
          () => store.verify('a'),
          () => store.listQuarantine(),
        ]
        for (const call of late) expect(await failureOf(call())).toMatchObject({ code: 'CLOSED' })
        await store.close()
        const again = await underTest.open()
        expect(await textsOf(again, 'a', 'messages')).toEqual(['x', 'y'])
        await again.close()
      })

      it('gives the lock back, and sends away whoever waits for it', async () => {
        await store.lock(1000)
        const waiting = failureOf(store.lock(10_000))
        await store.close()
        expect(await waiting).toMatchObject({ code: 'CLOSED' })
        const other = await underTest.open()
        const writer = await other.lock(1000)
        writer.release()
        await other.close()
      })

      it('ends a reader at its next batch', async () => {
        await appendTo(store, entry('a', 'messages', ...Array.from({ length: 5 }, () => 'x'.repeat(1024 * 1024))))
        const batches = store.read('a', 'messages', 0)[Symbol.asyncIterator]()
        await batches.next()
        await store.close()
        expect(await failureOf(batches.next())).toMatchObject({ code: 'CLOSED' })
      })
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
