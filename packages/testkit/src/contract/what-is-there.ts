import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry, locked, sizesOf } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about what there is: workstreams, how long their logs are, what nobody has indexed. */
export function describeWhatIsThere(logs: LogsInTest): void {
  describe('measure and prepare', () => {
    it('knows no workstream before its first line', async () => {
      expect(await logs.store.measure('a')).toBeUndefined()
      expect(await locked(logs.store, (writer) => writer.prepare('a'))).toBeUndefined()
    })

    it('agree on sizes', async () => {
      await appendTo(logs.store, entry('a', 'workstream', '12'), entry('a', 'messages', '1', '2', '3'))
      const measured = await logs.store.measure('a')
      expect(sizesOf(measured)).toEqual({ workstream: 3, sessions: 0, messages: 6 })
      expect(await locked(logs.store, (writer) => writer.prepare('a'))).toEqual(measured)
    })

    it('keep the generation of a log as it grows; one that is not there has none', async () => {
      await appendTo(logs.store, entry('a', 'messages', '1'))
      const before = await logs.store.measure('a')
      await appendTo(logs.store, entry('a', 'messages', '2'))
      const after = await logs.store.measure('a')
      expect(after?.messages.generation).toBe(before?.messages.generation)
      expect(before?.messages.generation).not.toBe('')
      expect(before?.sessions).toEqual({ bytes: 0, generation: '' })
    })
  })

  describe('listWorkstreams', () => {
    it('lists ids in ascending order', async () => {
      const ids = ['scratch', 'b', 'a-1', 'a_1', 'ws_01h455vb4pex5vsknk084sn02q', '0']
      await appendTo(logs.store, ...ids.map((id) => entry(id, 'workstream', 'x')))
      expect(await logs.store.listWorkstreams()).toEqual([...ids].sort())
    })
  })

  describe('measureAll', () => {
    it('says of every workstream what measure says of each, in the order of the list', async () => {
      const ids = ['scratch', 'b', 'a-1', 'a_1', '0']
      await appendTo(logs.store, ...ids.map((id) => entry(id, 'workstream', id)), entry('b', 'messages', '1', '2'))
      const all = await logs.store.measureAll()
      expect([...all.keys()]).toEqual(await logs.store.listWorkstreams())
      for (const [id, heads] of all) expect(heads).toEqual(await logs.store.measure(id))
    })

    it('looks at all of them again each time', async () => {
      expect(await logs.store.measureAll()).toEqual(new Map())
      await appendTo(logs.store, entry('a', 'messages', '1'))
      expect(sizesOf((await logs.store.measureAll()).get('a'))).toEqual({ workstream: 0, sessions: 0, messages: 2 })
      await appendTo(logs.store, entry('a', 'messages', '2'))
      expect(sizesOf((await logs.store.measureAll()).get('a'))).toEqual({ workstream: 0, sessions: 0, messages: 4 })
    })
  })

  describe('unindexed', () => {
    it('tells others of appends that nobody has indexed yet, by a name for each', async () => {
      const other = await logs.open()
      expect(await other.unindexed()).toBeUndefined()
      await locked(logs.store, async (writer) => {
        await writer.append([entry('a', 'messages', '1')])
        const first = await other.unindexed()
        expect(first).toBeTypeOf('string')
        expect(await logs.store.unindexed()).toBeUndefined()
        writer.indexed()
        expect(await other.unindexed()).toBeUndefined()
        await writer.append([entry('a', 'messages', '2')])
        expect(await other.unindexed()).not.toBe(first)
        writer.indexed()
      })
      expect(await other.unindexed()).toBeUndefined()
    })

    it('is another name while more are appended than what is indexed, and there is always one', async () => {
      const other = await logs.open()
      await locked(logs.store, async (writer) => {
        await writer.append([entry('a', 'messages', '1')])
        const names = [await other.unindexed()]
        // A few more than such names can be told of before all is indexed once.
        for (let told = true; told && names.length < 1_000; ) {
          const appended = writer.append([entry('a', 'messages', '2')])
          told = writer.indexedBeforeLast()
          const now = await other.unindexed()
          expect(now).toBeTypeOf('string')
          if (told) for (const name of names) expect(now?.startsWith(name ?? '')).toBe(false)
          else expect(now).toBe(names.at(-1))
          names.push(now)
          await appended
          expect(await other.unindexed()).toBe(now)
        }
        expect(names.length).toBeGreaterThan(10)
        writer.indexed()
        expect(await other.unindexed()).toBeUndefined()
      })
    })

    it('outlives the one who appended, until somebody else has indexed', async () => {
      const other = await logs.open()
      await locked(logs.store, (writer) => writer.append([entry('a', 'messages', '1')]))
      expect(await logs.store.unindexed()).toBe(await other.unindexed())
      expect(await other.unindexed()).toBeTypeOf('string')
      await locked(other, async (writer) => writer.indexed())
      expect(await logs.store.unindexed()).toBeUndefined()
    })
  })
}
