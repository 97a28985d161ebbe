import { describe, expect, it } from 'vitest'
import { testDir } from './open-manager.js'
import { found, searchKnows } from './search-steps.js'

describe('what moves is found where it is', () => {
  it('leaves search with a purge at once, for every handle, and comes back from the trash', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const other = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'apple' })
    await manager.sendMessage({ content: 'apple too' })
    for (const handle of [manager, other]) expect(await found(handle, 'apple')).toHaveLength(2)
    const { trashed } = await manager.purgeWorkstream('a')
    for (const handle of [other, manager]) expect(await found(handle, 'apple')).toEqual(['scratch:1'])
    await other.restoreFromTrash(trashed.name)
    for (const handle of [manager, other]) expect((await found(handle, 'apple')).sort()).toEqual(['a:1', 'scratch:1'])
    expect((await manager.verify()).ok).toBe(true)
  })

  it('finds nothing of the old one when its name is used again', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'apple' })
    await manager.levelSearch()
    await manager.purgeWorkstream('a')
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'pear' })
    expect(await found(manager, 'apple OR pear')).toEqual(['a:1'])
    expect(await found(manager, 'apple')).toEqual([])
  })

  it('finds promoted messages once, in the target; where they were only when asked to', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.sendMessage({ content: 'apple' })
    await manager.levelSearch()
    await manager.sendMessage({ content: 'apple again' })
    await manager.promote({ title: 'Fruit', into: undefined })
    const { id } = await manager.getWorkstream('Fruit')
    const other = await dir.open()
    for (const handle of [manager, other]) {
      expect((await found(handle, 'apple')).sort()).toEqual([`${id}:1`, `${id}:2`])
      expect(await found(handle, 'apple', { workstream: 'scratch' })).toEqual([])
      expect(await found(handle, 'apple', { includePromoted: true })).toHaveLength(4)
    }
  })

  it.each(['relevance', 'newest'] as const)(
    'leaves nothing out of pages in the order %s that began before it',
    async (order) => {
      const manager = await testDir().open()
      for (let n = 0; n < 9; n++) await manager.sendMessage({ content: `apple ${n}` })
      const all = await found(manager, 'apple', { order })
      const first = await manager.searchMessages({ query: 'apple', order, limit: 4 })
      await manager.promote({ title: 'Fruit' })
      const rest = await manager.searchMessages({ query: 'apple', order, after: first.next })
      const pages = [...first.items, ...rest.items].map((item) => `${item.workstream_id}:${item.message.sequence}`)
      expect(pages.sort()).toEqual(all.sort())
      expect(rest.next).toBeUndefined()
    },
  )

  it('finds the messages of a fork in both', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'apple' })
    await manager.forkWorkstream('a', { id: 'b' })
    expect((await found(manager, 'apple')).sort()).toEqual(['a:1', 'b:1'])
    await manager.purgeWorkstream('a')
    expect(await found(manager, 'apple')).toEqual(['b:1'])
  })

  it('knows the same as one that is built from the logs', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const other = await dir.open()
    const words = ['apple', 'pear', 'plum', 'quince', 'hand', '東京']
    for (let n = 0; n < 12; n++) {
      await (n % 2 === 0 ? manager : other).sendMessage({ content: `${words[n % 5]} ${n} and ${words[(n * 3) % 6]}` })
      if (n % 3 === 0) await manager.levelSearch()
      if (n === 6) await manager.promote({ title: 'Fruit' })
    }
    await other.createWorkstream({ id: 'a' })
    for (const word of words) await other.sendMessage({ workstream: 'a', content: word })
    await manager.forkWorkstream('a', { id: 'b' })
    const { trashed } = await manager.purgeWorkstream('a')
    await manager.levelSearch()
    await other.restoreFromTrash(trashed.name)
    dir.appendByHand('b', 'messages', '{"role":"user","content":"hand apple","timestamp":"2026-01-15T10:00:00.000Z"}\n')
    await manager.listMessages('b')
    const queries = [...words, 'apple quince', 'hand plum pear', 'apple OR 東京']
    const live = await searchKnows(other, queries)
    await manager.rebuildIndex()
    expect(await searchKnows(manager, queries)).toEqual(live)
    expect(await searchKnows(other, queries)).toEqual(live)
    expect((await manager.verify()).ok).toBe(true)
  })
})
