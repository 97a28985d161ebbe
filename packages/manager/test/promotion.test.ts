import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it } from 'vitest'
import { contentsOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

/** Scratch with two sessions: the first ended, the second active. */
async function scratched(manager: WorkstreamManager, dir: DataDir): Promise<{ first: string; second: string }> {
  const one = await manager.sendMessage({ content: 'old question' })
  await manager.sendMessage({ content: 'old answer', role: 'assistant' })
  await manager.endSession('scratch')
  dir.clock.advance(60_000)
  const two = await manager.sendMessage({ content: 'new question', idempotency_key: 'k' })
  await manager.pushAgentMessage({ workstream: 'scratch', content: 'build is green', author: 'ci' })
  await manager.sendMessage({ content: 'new answer', role: 'assistant', metadata: { a: 1 } })
  return { first: one.session_id, second: two.session_id }
}

async function opened() {
  const dir = testDir()
  const manager = await dir.open()
  return { dir, manager, ...(await scratched(manager, dir)) }
}

const all = (manager: WorkstreamManager, reference: string) =>
  manager.listMessages(reference, { limit: 1_000, includePromoted: true })

describe('promote', () => {
  it('moves the active session of scratch to a new workstream, and ends it', async () => {
    const { dir, manager, first, second } = await opened()
    const before = (await manager.listMessages('scratch')).items.slice(2)
    dir.clock.advance(1_000)
    const report = await manager.promote({ title: 'The build' })
    expect(report).toMatchObject({ messages: 3, workstream: { title: 'The build', message_count: 3 } })
    const { id } = report.workstream
    const moved = (await manager.listMessages('the build')).items
    expect(moved.map(({ stamp: _, sequence: __, ...said }) => said)).toEqual(
      before.map(({ stamp: _, sequence: __, ...said }) => said),
    )
    expect(await contentsOf(manager, 'scratch')).toEqual(['old question', 'old answer'])
    expect((await all(manager, 'scratch')).items).toHaveLength(5)
    expect(await manager.getWorkstream('scratch')).toMatchObject({ message_count: 2, active_session: null })
    expect((await manager.listSessions('scratch')).items).toMatchObject([
      { id: first, message_count: 2, turn_count: 1, reason: 'requested' },
      { id: second, message_count: 0, turn_count: 0, status: 'ended', reason: 'promoted' },
    ])
    expect((await manager.listSessions(id)).items).toMatchObject([
      { id: second, message_count: 3, turn_count: 1, status: 'ended' },
    ])
    const next = await manager.sendMessage({ content: 'scratch goes on' })
    expect(next.session_id).not.toBe(second)
    expect((await manager.sendMessage({ workstream: id, content: 'and so does this' })).sequence).toBe(4)
    await expectLevelWithLogs(manager)
  })

  it('moves a range of messages, and keeps a session active of which something is left', async () => {
    const { manager, second } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'There already' })
    await manager.sendMessage({ workstream: 'a', content: 'mine' })
    const [, answer, question] = (await manager.listMessages('scratch')).items
    const report = await manager.promote({ into: 'there already', messages: { first: answer?.id ?? '', last: 3 } })
    expect(report).toMatchObject({ messages: 2, workstream: { id: 'a', message_count: 3 } })
    expect(await contentsOf(manager, 'a')).toEqual(['mine', 'old answer', 'new question'])
    expect(await contentsOf(manager, 'scratch')).toEqual(['old question', 'build is green', 'new answer'])
    expect(await manager.getWorkstream('scratch')).toMatchObject({ active_session: { id: second, message_count: 2 } })
    expect((await manager.listMessages('a', { around: question?.id ?? '' })).items).toHaveLength(3)
    await expectLevelWithLogs(manager)
  })

  it('moves a session that is over, and later the rest', async () => {
    const { manager, first } = await opened()
    await manager.promote({ session: first, title: 'Old' })
    await manager.promote({ messages: { first: 1, last: 100 }, into: 'old' })
    expect(await contentsOf(manager, 'old')).toEqual([
      'old question',
      'old answer',
      'new question',
      'build is green',
      'new answer',
    ])
    expect(await contentsOf(manager, 'scratch')).toEqual([])
    await expect(manager.promote({ messages: { first: 1, last: 100 }, title: 'Again' })).rejects.toMatchObject({
      code: 'NOTHING_TO_PROMOTE',
    })
    await expectLevelWithLogs(manager)
  })

  it.each([
    [{ title: 'T', session: 'ses_none' }, 'SESSION_NOT_FOUND'],
    [{ title: 'T', messages: { first: 'msg_none', last: 2 } }, 'MESSAGE_NOT_FOUND'],
    [{ into: 'nowhere' }, 'WORKSTREAM_NOT_FOUND'],
    [{ into: 'scratch' }, 'INVALID_INPUT'],
    [{ into: 'gone' }, 'WORKSTREAM_ARCHIVED'],
    [{}, 'INVALID_INPUT'],
    [{ title: 'T', into: 'gone' }, 'INVALID_INPUT'],
  ])('refuses %j with %s and writes nothing', async (input, code) => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'gone' })
    await manager.archiveWorkstream('gone')
    const before = dir.snapshot()
    await expect(manager.promote(input)).rejects.toMatchObject({ code })
    expect(dir.snapshot()).toEqual(before)
  })

  it('is done once for a key, whoever repeats it and whenever', async () => {
    const { dir, manager } = await opened()
    const asked = { title: 'Once', idempotency_key: 'p' }
    const report = await manager.promote(asked)
    await manager.sendMessage({ content: 'a new session of scratch' })
    const other = await dir.open()
    expect(await other.promote(asked)).toEqual(report)
    await other.rebuildIndex()
    expect(await manager.promote(asked)).toEqual(report)
    expect(await contentsOf(manager, 'scratch')).toEqual(['old question', 'old answer', 'a new session of scratch'])
    await expect(manager.promote({ ...asked, title: 'Twice' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  it('answers a repeated send with the message where it is now', async () => {
    const { manager } = await opened()
    const { workstream } = await manager.promote({ title: 'T' })
    const [moved] = (await manager.listMessages(workstream.id)).items
    expect(await manager.sendMessage({ content: 'new question', idempotency_key: 'k' })).toEqual(moved)
    expect(
      await manager.sendMessage({ workstream: workstream.id, content: 'new question', idempotency_key: 'k' }),
    ).toEqual(moved)
  })

  it('moves each message once when several promote at the same time', async () => {
    const { dir, manager } = await opened()
    const handles = [manager, await dir.open(), await dir.open()]
    const done = await Promise.allSettled(
      handles.map((handle, n) => handle.promote({ title: `T${n}`, messages: { first: 1, last: 4 } })),
    )
    const moved = done.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(moved.reduce((sum, { messages }) => sum + messages, 0)).toBe(4)
    const seen = await Promise.all(moved.map(({ workstream }) => contentsOf(manager, workstream.id)))
    expect(seen.flat().sort()).toEqual(['build is green', 'new question', 'old answer', 'old question'])
    await expectLevelWithLogs(manager)
  })

  it('moves hundreds', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const contents = Array.from({ length: 450 }, (_, n) => `${n}`)
    await Promise.all(contents.map((content) => manager.sendMessage({ content })))
    expect(await manager.promote({ title: 'Many' })).toMatchObject({ messages: 450 })
    expect(await contentsOf(manager, 'many')).toEqual(contents)
    expect(await contentsOf(manager, 'scratch')).toEqual([])
    await expectLevelWithLogs(manager)
  })
})

describe('a promotion that is interrupted', () => {
  it('is completed, or was never begun, wherever the disk gave out', async () => {
    const seen = new Set<string>()
    for (let nth = 1; nth < 40; nth++) {
      const dir = testDir()
      const fileSystem = createFaultyFileSystem(nodeFileSystem)
      const manager = await dir.open({ fileSystem })
      await scratched(manager, dir)
      fileSystem.inject({ operation: 'write', nth, errno: 'EIO', times: 1_000 })
      const outcome = await manager.promote({ title: 'T' }).then(
        () => 'done',
        () => 'failed',
      )
      fileSystem.heal()
      await manager.close()

      const after = await dir.open()
      const scratch = await contentsOf(after, 'scratch')
      const target = (await after.listWorkstreams({ text: 'T', limit: 10 })).items.find(({ title }) => title === 'T')
      if (scratch.length === 5) {
        expect(outcome, `write ${nth}`).toBe('failed')
        expect(target, `write ${nth}`).toBeUndefined()
        seen.add('never begun')
      } else {
        expect(scratch, `write ${nth}`).toEqual(['old question', 'old answer'])
        const moved = await contentsOf(after, target?.id ?? '')
        expect(moved, `write ${nth}`).toEqual(['new question', 'build is green', 'new answer'])
        seen.add(outcome === 'done' ? 'done at once' : 'completed later')
      }
      expect(await everythingSeen(after)).toEqual(await everythingSeen(await dir.open()))
      await expectLevelWithLogs(after)
      if (outcome === 'done') break
    }
    expect([...seen].sort()).toEqual(['completed later', 'done at once', 'never begun'])
  })
})
