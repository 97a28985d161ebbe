import { describe, expect, it } from 'vitest'
import { opened } from './open-manager.js'

describe('stats', () => {
  it('see what was sent a moment ago, by every handle', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'garden', title: 'Garden' })
    await manager.sendMessage({ workstream: 'garden', content: 'x' })
    await manager.archiveWorkstream('garden')
    await manager.sendMessage({ content: 'y' })
    for (const handle of [manager, await dir.open()]) {
      expect(await handle.stats()).toMatchObject({
        workstreams: { total: 2, active: 1, archived: 1 },
        sessions: { total: 2, active: 1, ended: 1 },
        messages: { total: 2, user: 2 },
        log_bytes: Object.values(dir.snapshot()).join('').length,
      })
      expect(await handle.stats('garden')).toMatchObject({ messages: { total: 1 }, busiest: [{ title: 'Garden' }] })
    }
    await expect(manager.stats('nothing')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
  })
})
