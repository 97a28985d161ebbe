import { hasCode } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import { describe, expect, it } from 'vitest'
import { appendTo, appendEntry as entry, failureOf, locked, textsOf } from '../log-store-steps.js'
import type { LogsInTest } from './logs-in-test.js'

/** The part of the contract that is about the trash. */
export function describeTrash(logs: LogsInTest): void {
  describe('trash', () => {
    const trash = (id: string) => locked(logs.store, (writer) => writer.trash(id))

    it('takes a workstream away as a whole and gives it back as it was', async () => {
      for (const log of logNames) await appendTo(logs.store, entry('a', log, `${log} 1`, `${log} 2`))
      const before = await logs.store.measure('a')
      const trashed = await trash('a')
      expect(trashed).toMatchObject({
        workstreamId: 'a',
        bytes: logNames.reduce((sum, log) => sum + 2 * log.length + 6, 0),
      })
      expect(await logs.store.measure('a')).toBeUndefined()
      expect(await logs.store.listWorkstreams()).toEqual([])
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual([])
      expect(await logs.store.listTrash()).toEqual([trashed])
      expect(await trashTexts(logs.store, trashed?.name ?? '', 'messages')).toEqual(['messages 1', 'messages 2'])
      expect(await locked(logs.store, (writer) => writer.restoreTrash(trashed?.name ?? ''))).toBe('a')
      expect(await logs.store.listTrash()).toEqual([])
      expect(await logs.store.measure('a')).toEqual(before)
      await appendTo(logs.store, entry('a', 'messages', 'messages 3'))
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['messages 1', 'messages 2', 'messages 3'])
    })

    it('knows nothing to take away, and nothing to give back', async () => {
      expect(await trash('a')).toBeUndefined()
      expect(await logs.store.listTrash()).toEqual([])
      for (const name of ['a', '../workstreams/a', '']) {
        expect(await failureOf(locked(logs.store, (writer) => writer.restoreTrash(name)))).toMatchObject({
          code: 'TRASH_ENTRY_NOT_FOUND',
        })
        expect(await logs.store.deleteTrash(name)).toBe(false)
        expect(await trashTexts(logs.store, name, 'messages')).toEqual([])
      }
    })

    it('lets nobody append to it who has the log open', async () => {
      const other = await logs.open()
      await appendTo(other, entry('a', 'messages', 'one'))
      const trashed = await trash('a')
      expect(await locked(other, (writer) => writer.prepare('a'))).toBeUndefined()
      await appendTo(other, entry('a', 'messages', 'of another one'))
      expect(await trashTexts(logs.store, trashed?.name ?? '', 'messages')).toEqual(['one'])
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['of another one'])
      await other.close()
    })

    it('does not take the place of a workstream that has the id now', async () => {
      await appendTo(logs.store, entry('a', 'messages', 'old'))
      const trashed = await trash('a')
      await appendTo(logs.store, entry('a', 'messages', 'new'))
      const error = await failureOf(locked(logs.store, (writer) => writer.restoreTrash(trashed?.name ?? '')))
      expect(hasCode(error, 'RESTORE_CONFLICT') && error.details).toEqual({ workstreamId: 'a' })
      expect(await textsOf(logs.store, 'a', 'messages')).toEqual(['new'])
      expect(await logs.store.listTrash()).toHaveLength(1)
    })

    it('lists the oldest first, also of one workstream, and deletes one at a time', async () => {
      const names: string[] = []
      for (const id of ['b', 'a', 'b']) {
        await appendTo(logs.store, entry(id, 'messages', 'x'))
        names.push((await trash(id))?.name ?? '')
      }
      expect(new Set(names).size).toBe(3)
      expect((await logs.store.listTrash()).map(({ name }) => name).sort()).toEqual([...names].sort())
      expect(await logs.store.deleteTrash(names[0] ?? '')).toBe(true)
      expect(await logs.store.deleteTrash(names[0] ?? '')).toBe(false)
      expect((await logs.store.listTrash()).map(({ name }) => name).sort()).toEqual(names.slice(1).sort())
      expect(await logs.store.listLeftovers()).toEqual([])
    })

    it('tells others that there are lines to index when something comes back', async () => {
      const other = await logs.open()
      await appendTo(logs.store, entry('a', 'messages', 'x'))
      const trashed = await trash('a')
      await locked(logs.store, async (writer) => writer.indexed())
      await locked(logs.store, (writer) => writer.restoreTrash(trashed?.name ?? ''))
      expect(await other.unindexed()).toBeTypeOf('string')
      await other.close()
    })
  })
}

async function trashTexts(store: LogStore, name: string, log: LogName): Promise<string[]> {
  const texts: string[] = []
  for await (const lines of store.readTrash(name, log))
    for (const { bytes } of lines) texts.push(Buffer.from(bytes).toString())
  return texts
}
