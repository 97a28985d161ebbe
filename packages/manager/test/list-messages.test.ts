import { describe, expect, it } from 'vitest'
import { invalid } from './invalid-input.js'
import { opened } from './open-manager.js'

describe('listMessages', () => {
  async function tenMessages() {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    for (let n = 1; n <= 10; n++) await manager.sendMessage({ workstream: 'a', content: `${n}` })
    const { items } = await manager.listMessages('a')
    const page = async (query: object) => {
      const found = await manager.listMessages('a', query)
      return [found.items.map(({ content }) => Number(content)), found.hasOlder, found.hasNewer]
    }
    return { dir, manager, page, idOf: (sequence: number) => items[sequence - 1]?.id as string }
  }

  it('gives the newest page by default, in ascending order', async () => {
    const { page } = await tenMessages()
    expect(await page({})).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false, false])
    expect(await page({ limit: 3 })).toEqual([[8, 9, 10], true, false])
  })

  it.each([false, true])('pages both ways from a sequence or an id (ids: %s)', async (byId) => {
    const { page, idOf } = await tenMessages()
    const at = (sequence: number) => (byId ? idOf(sequence) : sequence)
    expect(await page({ limit: 3, before: at(8) })).toEqual([[5, 6, 7], true, true])
    expect(await page({ limit: 3, before: at(3) })).toEqual([[1, 2], false, true])
    expect(await page({ limit: 3, before: at(1) })).toEqual([[], false, true])
    expect(await page({ limit: 3, after: at(3) })).toEqual([[4, 5, 6], true, true])
    expect(await page({ limit: 3, after: at(8) })).toEqual([[9, 10], true, false])
    expect(await page({ limit: 3, after: at(10) })).toEqual([[], true, false])
    expect(await page({ limit: 3, around: at(5) })).toEqual([[4, 5, 6], true, true])
    expect(await page({ limit: 1, around: at(5) })).toEqual([[5], true, true])
    expect(await page({ limit: 1, around: at(10) })).toEqual([[10], true, false])
    expect(await page({ limit: 5, around: at(1) })).toEqual([[1, 2, 3, 4, 5], false, true])
    expect(await page({ limit: 100, around: at(5) })).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false, false])
  })

  it('fills the page around the last message with older ones', async () => {
    const { page } = await tenMessages()
    expect(await page({ limit: 5, around: 10 })).toEqual([[6, 7, 8, 9, 10], true, false])
  })

  it('knows what lies beyond sequences that do not exist', async () => {
    const { page } = await tenMessages()
    expect(await page({ limit: 2, after: 0 })).toEqual([[1, 2], false, true])
    expect(await page({ limit: 2, after: 99 })).toEqual([[], true, false])
    expect(await page({ limit: 2, before: 99 })).toEqual([[9, 10], true, false])
    expect(await page({ limit: 2, before: 0 })).toEqual([[], false, true])
  })

  it('passes over lines that are no messages', async () => {
    const { dir, manager } = await tenMessages()
    dir.appendByHand('a', 'messages', 'nonsense\n\n')
    await manager.sendMessage({ workstream: 'a', content: '13' })
    const found = await manager.listMessages('a', { limit: 2 })
    expect(found.items.map(({ sequence }) => sequence)).toEqual([10, 13])
    expect((await manager.listMessages('a', { after: 11 })).items.map(({ sequence }) => sequence)).toEqual([13])
  })

  it('refuses unknown ids and bad queries', async () => {
    const { manager } = await tenMessages()
    for (const border of ['after', 'before', 'around'])
      await expect(manager.listMessages('a', { [border]: 'msg_x' })).rejects.toMatchObject({
        code: 'MESSAGE_NOT_FOUND',
        details: { workstreamId: 'a', messageId: 'msg_x' },
      })
    for (const [query, path] of [
      [{ limit: 0 }, 'limit'],
      [{ limit: 1_001 }, 'limit'],
      [{ limit: 1.5 }, 'limit'],
      [{ after: -1 }, 'after'],
      [{ after: 1, before: 5 }, 'after'],
    ] as const)
      await expect(manager.listMessages('a', query)).rejects.toMatchObject(invalid(path))
  })
})
