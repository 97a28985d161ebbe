import { rmSync } from 'node:fs'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

const source = { format: 'jsonl', conversation_id: 'c' }
const messages = [1, 2, 3].map((n) => ({
  key: `k${n}`,
  role: 'user' as const,
  content: `${n}`,
  timestamp: `2026-01-0${n}T10:00:00.000Z`,
}))

/** Every operation that takes a key; each answers the same when it is asked again. */
const keyed: [string, (manager: WorkstreamManager) => Promise<unknown>][] = [
  ['create', (manager) => manager.createWorkstream({ title: 'Made once', tags: ['t'], idempotency_key: 'c1' })],
  ['send', (manager) => manager.sendMessage({ workstream: 'a', content: 'said once', idempotency_key: 's1' })],
  ['send to scratch', (manager) => manager.sendMessage({ content: 'said once', idempotency_key: 's1' })],
  [
    'push',
    (manager) =>
      manager.pushAgentMessage({
        workstream: 'a',
        content: 'pushed once',
        author: 'ci',
        metadata: { b: 1, a: { d: 2, c: 3 } },
        idempotency_key: 'p1',
      }),
  ],
  [
    'import',
    async (manager) => {
      const { workstream, ...counts } = await manager.importConversation({ source, messages, idempotency_key: 'i1' })
      return { id: workstream.id, ...counts }
    },
  ],
]

async function opened(): Promise<{ dir: DataDir; manager: WorkstreamManager }> {
  const dir = testDir()
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a', title: 'A' })
  return { dir, manager }
}

describe.each(keyed)('%s with a key', (_name, ask) => {
  it('is done once and answered each time, by whoever asks, also after a rebuild and without an index', async () => {
    const { dir, manager } = await opened()
    const first = await ask(manager)
    const written = dir.snapshot()
    dir.clock.advance(90 * 60_000)
    expect(await ask(manager)).toEqual(first)
    const other = await dir.open()
    expect(await ask(other)).toEqual(first)
    await other.rebuildIndex()
    expect(await ask(manager)).toEqual(first)
    rmSync(dir.indexPath)
    expect(await ask(other)).toEqual(first)
    await manager.close()
    expect(await ask(await dir.open())).toEqual(first)
    expect(dir.snapshot()).toEqual(written)
    await expectLevelWithLogs(other)
  })

  it('is done once when it is asked many times at once', async () => {
    const { dir, manager } = await opened()
    const handles = [manager, await dir.open(), await dir.open()]
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(handles[n % 3] ?? manager)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    await expectLevelWithLogs(manager)
  })
})

describe('an idempotency key', () => {
  it('is refused for another request, and nothing is written', async () => {
    const { dir, manager } = await opened()
    await manager.sendMessage({ workstream: 'a', content: 'one', idempotency_key: 'k' })
    await manager.createWorkstream({ title: 'T', idempotency_key: 'k' })
    const before = dir.snapshot()
    const refused = { code: 'IDEMPOTENCY_KEY_REUSED', details: { workstreamId: 'a', key: 'k' } }
    const others = [
      () => manager.sendMessage({ workstream: 'a', content: 'two', idempotency_key: 'k' }),
      () => manager.sendMessage({ workstream: 'a', content: 'one', role: 'assistant', idempotency_key: 'k' }),
      () => manager.pushAgentMessage({ workstream: 'a', content: 'one', idempotency_key: 'k' }),
    ]
    for (const other of others) await expect(other()).rejects.toMatchObject(refused)
    await expect(manager.createWorkstream({ title: 'U', idempotency_key: 'k' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: { workstreamId: null, key: 'k' },
    })
    expect(dir.snapshot()).toEqual(before)
  })

  it('belongs to its workstream, and to whatever the workstream is called', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'b' })
    const inA = await manager.sendMessage({ workstream: 'a', content: 'x', idempotency_key: 'k' })
    const inB = await manager.sendMessage({ workstream: 'b', content: 'x', idempotency_key: 'k' })
    expect(inB.id).not.toBe(inA.id)
    await manager.updateWorkstream('a', { title: 'Renamed' })
    expect(await manager.sendMessage({ workstream: 'renamed', content: 'x', idempotency_key: 'k' })).toEqual(inA)
  })

  it('answers what was done even when it could not be done again', async () => {
    const { manager } = await opened()
    const sent = await manager.sendMessage({ workstream: 'a', content: 'x', idempotency_key: 'k' })
    await manager.archiveWorkstream('a')
    expect(await manager.sendMessage({ workstream: 'a', content: 'x', idempotency_key: 'k' })).toEqual(sent)
  })

  it('lets an import that was interrupted be completed, and tells all that it did', async () => {
    const { dir, manager } = await opened()
    const part = messages.slice(0, 1)
    await manager.importConversation({ source, messages: part })
    const rest = { source, messages, idempotency_key: 'k' }
    const { workstream, ...counts } = await manager.importConversation(rest)
    expect(counts).toEqual({ created: false, added: 2, alreadyThere: 1, sessions: 2 })
    const again = await manager.importConversation(rest)
    expect(again).toMatchObject(counts)
    expect(await contentsOf(manager, workstream.id)).toEqual(['1', '2', '3'])
    expect(dir.recordsOf(workstream.id, 'messages')).toHaveLength(3)
  })
})
