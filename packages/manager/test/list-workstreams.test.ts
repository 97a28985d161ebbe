import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ListWorkstreamsInput } from '@arawn/core/workstream-operations'
import { describe, expect, it } from 'vitest'
import { anything, invalid } from './invalid-input.js'
import { opened } from './open-manager.js'

describe('listWorkstreams', () => {
  const walk = async (manager: WorkstreamManager, query: ListWorkstreamsInput): Promise<string[]> => {
    const found: string[] = []
    let after: string | undefined
    for (let page = 0; page < 100; page++) {
      const { items, next, hasMore } = await manager.listWorkstreams({ ...query, after })
      found.push(...items.map(({ id }) => id))
      expect(hasMore).toBe(next !== undefined)
      if (next === undefined) return found
      after = next
    }
    return expect.fail('the pages have no end')
  }

  it('gives each once, newest first, when many have the same time', async () => {
    const { dir, manager } = await opened()
    const ids = Array.from({ length: 25 }, (_, n) => `w${String(n).padStart(2, '0')}`)
    await Promise.all(ids.map((id) => manager.createWorkstream({ id })))
    for (const limit of [1, 3, 25, 26]) expect(await walk(manager, { limit })).toEqual([...ids].reverse())
    dir.clock.advance(1_000)
    await manager.sendMessage({ workstream: 'w07', content: 'x' })
    expect((await walk(manager, { limit: 4 }))[0]).toBe('w07')
  })

  it('neither repeats nor skips what stays in place while others move', async () => {
    const { dir, manager } = await opened()
    for (let n = 0; n < 9; n++) {
      dir.clock.advance(1_000)
      await manager.createWorkstream({ id: `w${n}` })
    }
    const first = await manager.listWorkstreams({ limit: 4 })
    expect(first.items.map(({ id }) => id)).toEqual(['w8', 'w7', 'w6', 'w5'])
    dir.clock.advance(1_000)
    await manager.sendMessage({ workstream: 'w6', content: 'x' })
    await manager.createWorkstream({ id: 'new' })
    const second = await manager.listWorkstreams({ limit: 9, after: first.next })
    expect(second.items.map(({ id }) => id)).toEqual(['w4', 'w3', 'w2', 'w1', 'w0'])
  })

  it('filters by state, tag and part of the title, together and page by page', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Rust FAQ', tags: ['work', 'rust'] })
    await manager.createWorkstream({ id: 'b', title: 'Crusty bread', tags: ['home'] })
    await manager.createWorkstream({ id: 'c', title: '100% ärger_', tags: ['work'] })
    await manager.createWorkstream({ id: 'd', tags: ['work'] })
    await manager.pauseWorkstream('b')
    await manager.archiveWorkstream('c')
    expect(await walk(manager, { limit: 1 })).toEqual(['d', 'b', 'a'])
    expect(await walk(manager, { state: 'all', limit: 1 })).toEqual(['d', 'c', 'b', 'a'])
    expect(await walk(manager, { state: 'archived' })).toEqual(['c'])
    expect(await walk(manager, { state: 'paused' })).toEqual(['b'])
    expect(await walk(manager, { tag: 'work', limit: 1 })).toEqual(['d', 'a'])
    expect(await walk(manager, { tag: 'WORK' })).toEqual([])
    expect(await walk(manager, { text: 'RUST', limit: 1 })).toEqual(['b', 'a'])
    expect(await walk(manager, { text: 'a\u0308RGER', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: '%', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: '_', state: 'all' })).toEqual(['c'])
    expect(await walk(manager, { text: 'rust', tag: 'work', state: 'active' })).toEqual(['a'])
  })

  it('refuses bad queries', async () => {
    const { manager } = await opened()
    for (const [query, path] of [
      [{ limit: 0 }, 'limit'],
      [{ limit: 1_001 }, 'limit'],
      [{ state: 'gone' }, 'state'],
      [{ after: 'nonsense' }, 'after'],
      [{ after: '' }, 'after'],
    ] as const)
      await expect(manager.listWorkstreams(anything(query))).rejects.toMatchObject(invalid(path))
  })
})
