import { describe, expect, it } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('the states of a workstream', () => {
  it('make it read-only when it is archived, until that is undone', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    expect(await manager.archiveWorkstream('a')).toMatchObject({ state: 'archived' })
    const before = dir.snapshot()
    const refused = { code: 'WORKSTREAM_ARCHIVED', details: { workstreamId: 'a' } }
    for (const write of [
      () => manager.sendMessage({ workstream: 'a', content: 'x' }),
      () => manager.pushAgentMessage({ workstream: 'A', content: 'x' }),
      () => manager.updateWorkstream('a', { title: 'B' }),
      () => manager.endSession('a'),
      () => manager.importConversation({ source: { format: 'f', conversation_id: 'c' }, into: 'a', messages: [] }),
    ])
      await expect(write()).rejects.toMatchObject(refused)
    await expect(manager.pauseWorkstream('a')).rejects.toMatchObject({ code: 'STATE_CHANGE_REFUSED' })
    await expect(manager.resumeWorkstream('a')).rejects.toMatchObject({
      code: 'STATE_CHANGE_REFUSED',
      details: { from: 'archived', to: 'active' },
    })
    expect(dir.snapshot()).toEqual(before)
    expect(await contentsOf(manager, 'a')).toEqual(['one'])
    expect((await manager.listWorkstreams()).items).toEqual([])
    expect(await manager.archiveWorkstream('a')).toMatchObject({ state: 'archived' })
    expect(dir.snapshot()).toEqual(before)
    expect(await manager.unarchiveWorkstream('a')).toMatchObject({ state: 'active' })
    expect(await manager.sendMessage({ workstream: 'a', content: 'two' })).toMatchObject({ sequence: 2 })
    await expectLevelWithLogs(manager)
  })

  it('let a paused one take messages and be resumed', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    expect(await manager.pauseWorkstream('a')).toMatchObject({ state: 'paused' })
    await manager.sendMessage({ workstream: 'a', content: 'x' })
    expect(await manager.unarchiveWorkstream('a')).toMatchObject({ state: 'paused' })
    expect(await manager.resumeWorkstream('a')).toMatchObject({ state: 'active', message_count: 1 })
  })

  it('never archive scratch', async () => {
    const { manager } = await opened()
    await expect(manager.archiveWorkstream('scratch')).rejects.toMatchObject({
      code: 'STATE_CHANGE_REFUSED',
      details: { workstreamId: 'scratch', to: 'archived' },
    })
    expect(await manager.getWorkstream('scratch')).toMatchObject({ state: 'active' })
  })
})
