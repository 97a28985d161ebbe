import { describe, expect, it } from 'vitest'
import { anything, invalid } from './invalid-input.js'
import { expectLevelWithLogs } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('updateWorkstream', () => {
  it('changes only what it is given, and empties what is null', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A', default_model: 'large', tags: ['x'], metadata: { n: 1 } })
    dir.clock.advance(1_000)
    expect(await manager.updateWorkstream('a', { title: null })).toMatchObject({
      title: null,
      default_model: 'large',
      tags: ['x'],
      metadata: { n: 1 },
      updated_at: '2026-01-15T10:00:01.000Z',
    })
    expect(await manager.updateWorkstream('a', { default_model: null, tags: [], metadata: {} })).toMatchObject({
      default_model: null,
      tags: [],
      metadata: {},
    })
    expect(await (await dir.open()).getWorkstream('a')).toMatchObject({ title: null, default_model: null, tags: [] })
    await expectLevelWithLogs(manager)
  })

  it('writes nothing when nothing changes', async () => {
    const { dir, manager } = await opened()
    const created = await manager.createWorkstream({ id: 'a', title: 'A', tags: ['x'] })
    dir.clock.advance(1_000)
    const before = dir.snapshot()
    expect(await manager.updateWorkstream('a', { title: 'A', tags: ['x', 'x'] })).toEqual(created)
    expect(await manager.updateWorkstream('a', {})).toEqual(created)
    expect(dir.snapshot()).toEqual(before)
  })

  it('finds a workstream by its new title and no longer by its old one', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Old' })
    await manager.updateWorkstream('old', { title: 'New' })
    expect(await manager.getWorkstream('new')).toMatchObject({ id: 'a' })
    await expect(manager.getWorkstream('old')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
  })

  it('refuses what a creation refuses', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    await expect(manager.updateWorkstream('a', { title: 'x'.repeat(300) })).rejects.toMatchObject(invalid('title'))
    await expect(manager.updateWorkstream('a', anything({ id: 'b' }))).rejects.toMatchObject(invalid(''))
    await expect(manager.updateWorkstream('a', anything({ tags: null }))).rejects.toMatchObject(invalid('tags'))
  })
})
