import { describe, expect, it } from 'vitest'
import { contentsOf } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('close', () => {
  it('ends what is under way and refuses everything after', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const sends = [1, 2, 3].map((n) => manager.sendMessage({ workstream: 'a', content: `${n}` }))
    await Promise.all([manager.close(), manager.close()])
    for (const outcome of await Promise.allSettled(sends))
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CLOSED' })
    const closed = { code: 'CLOSED' }
    await expect(manager.sendMessage({ workstream: 'a', content: 'x' })).rejects.toMatchObject(closed)
    await expect(manager.getWorkstream('a')).rejects.toMatchObject(closed)
    await expect(manager.listWorkstreams()).rejects.toMatchObject(closed)
    await expect(manager.createWorkstream()).rejects.toMatchObject(closed)
    await expect(manager.rebuildIndex()).rejects.toMatchObject(closed)
    await expect(manager.verify()).rejects.toMatchObject(closed)
    const kept = (await Promise.allSettled(sends)).filter(({ status }) => status === 'fulfilled').length
    expect(await contentsOf(await dir.open(), 'a')).toHaveLength(kept)
  })

  it('waits for sends that were given before it', async () => {
    const { manager } = await opened()
    const sends = [1, 2, 3].map((n) => manager.sendMessage({ content: `${n}` }))
    await manager.sendMessage({ content: 'first' })
    const closing = manager.close()
    await closing
    expect((await Promise.all(sends)).map(({ content }) => content)).toEqual(['1', '2', '3'])
  })
})
