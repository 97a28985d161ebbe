import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-manager.js'
import { found } from './search-steps.js'

describe('filters of a search', () => {
  async function conversation(): Promise<WorkstreamManager> {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a', title: 'Notes' })
    await manager.sendMessage({ workstream: 'a', content: 'apple one' })
    await manager.endSession('a')
    for (const send of [
      () => manager.sendMessage({ workstream: 'a', content: 'apple two', role: 'assistant' }),
      () => manager.pushAgentMessage({ workstream: 'a', content: 'apple three', author: 'ci' }),
      () => manager.sendMessage({ content: 'apple four' }),
    ]) {
      dir.clock.advance(60_000)
      await send()
    }
    return manager
  }

  it('leave what they say, alone and together', async () => {
    const manager = await conversation()
    const [first, second] = (await manager.listMessages('a')).items
    const by = (input: Parameters<typeof found>[2]) => found(manager, 'apple', { order: 'newest', ...input })
    expect(await by({})).toEqual(['scratch:1', 'a:3', 'a:2', 'a:1'])
    expect(await by({ workstream: 'notes' })).toEqual(['a:3', 'a:2', 'a:1'])
    expect(await by({ session: first?.session_id })).toEqual(['a:1'])
    expect(await by({ role: 'assistant' })).toEqual(['a:2'])
    expect(await by({ author: 'ci' })).toEqual(['a:3'])
    expect(await by({ author: 'CI' })).toEqual([])
    expect(await by({ until: second?.timestamp })).toEqual(['a:1'])
    expect(await by({ workstream: 'a', since: second?.timestamp })).toEqual(['a:3', 'a:2'])
    expect(await by({ workstream: 'a', since: second?.timestamp, role: 'agent_push' })).toEqual(['a:3'])
  })

  it('find the few among many that match', async () => {
    const manager = await testDir().open()
    await manager.pushAgentMessage({ workstream: 'scratch', content: 'apple', author: 'ci' })
    const sends = Array.from({ length: 600 }, (_, n) => manager.sendMessage({ content: `apple apple ${n}` }))
    await Promise.all(sends)
    await manager.levelSearch({ withinMs: 20_000 })
    expect(await found(manager, 'apple', { author: 'ci' })).toEqual(['scratch:1'])
    expect(await found(manager, 'apple')).toHaveLength(601)
  })

  it('go by when it was said, not by when it was written down', async () => {
    const manager = await testDir().open()
    const timestamp = '2020-05-01T10:00:00.000Z'
    await manager.importConversation({
      source: { format: 'f', conversation_id: 'c' },
      title: 'Old',
      messages: [{ key: 'k', role: 'user', content: 'apple pie', timestamp }],
    })
    expect(await found(manager, 'apple', { until: '2020-06-01T00:00:00Z' })).toHaveLength(1)
    expect(await found(manager, 'apple', { since: timestamp })).toHaveLength(1)
    expect(await found(manager, 'apple', { until: timestamp })).toEqual([])
    expect(await found(manager, 'apple', { since: '2020-06-01T00:00:00Z' })).toEqual([])
  })
})
