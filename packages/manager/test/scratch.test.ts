import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { expectLevelWithLogs } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('scratch', () => {
  it('is made by the first message that names no workstream', async () => {
    const { dir, manager } = await opened()
    expect(await manager.sendMessage({ content: 'x' })).toMatchObject({ sequence: 1 })
    expect(await manager.getWorkstream('scratch')).toMatchObject({ id: 'scratch', is_scratch: true, message_count: 1 })
    expect(dir.recordsOf('scratch', 'workstream')).toMatchObject([{ type: 'workstream_created', is_scratch: true }])
  })

  it('is made once by many at the same time', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const sends = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? manager : other).sendMessage({ content: `${n}` }))
    const sent = await Promise.all(sends)
    expect(sent.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(sent.map((_, n) => n + 1))
    expect(new Set(sent.map(({ session_id }) => session_id)).size).toBe(1)
    expect(dir.recordsOf('scratch', 'workstream')).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })

  it.each<[string, (manager: WorkstreamManager) => Promise<unknown>]>([
    ['read', (manager) => manager.getWorkstream('scratch')],
    ['listed', (manager) => manager.listMessages('scratch')],
    ['updated', (manager) => manager.updateWorkstream('scratch', { tags: ['x'] })],
    ['pushed to', (manager) => manager.pushAgentMessage({ workstream: 'scratch', content: 'x' })],
  ])('exists when it is %s first', async (_name, use) => {
    const { manager } = await opened()
    await use(manager)
    expect(await manager.getWorkstream('scratch')).toMatchObject({ is_scratch: true })
  })
})
