import { describe, expect, it } from 'vitest'
import { invalid } from './invalid-input.js'
import { opened } from './open-manager.js'

describe('sessions', () => {
  it('are listed in the order in which they were opened, or the other way round, page by page', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      ids.push((await manager.sendMessage({ workstream: 'a', content: `${n}` })).session_id)
      if (n < 4) await manager.endSession('a')
    }
    for (const newestFirst of [false, true]) {
      const found: string[] = []
      let after: string | undefined
      do {
        const page = await manager.listSessions('a', { limit: 2, newestFirst, after })
        found.push(...page.items.map(({ id }) => id))
        after = page.next
      } while (after !== undefined)
      expect(found).toEqual(newestFirst ? [...ids].reverse() : ids)
    }
    expect((await manager.getWorkstream('a')).active_session).toMatchObject({ id: ids[4], status: 'active' })
    await expect(manager.listSessions('a', { after: 'x' })).rejects.toMatchObject(invalid('after'))
  })

  it('are ended only while they are active, and only the one that is named', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    await expect(manager.endSession('a')).rejects.toMatchObject({
      code: 'SESSION_NOT_ACTIVE',
      details: { workstreamId: 'a', sessionId: null },
    })
    const { session_id } = await manager.sendMessage({ workstream: 'a', content: 'x' })
    await expect(manager.endSession('a', 'ses_x')).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
      details: { workstreamId: 'a', sessionId: 'ses_x' },
    })
    expect(await manager.endSession('a', session_id)).toMatchObject({ id: session_id, status: 'ended' })
    await manager.sendMessage({ workstream: 'a', content: 'y' })
    await expect(manager.endSession('a', session_id)).rejects.toMatchObject({
      code: 'SESSION_NOT_ACTIVE',
      details: { sessionId: session_id },
    })
  })
})
