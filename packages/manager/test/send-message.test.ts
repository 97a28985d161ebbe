import { MAX_LINE_BYTES } from '@arawn/core/log-store'
import { describe, expect, it } from 'vitest'
import { anything, invalid } from './invalid-input.js'
import { expectLevelWithLogs } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('sendMessage', () => {
  it('keeps everything that it is given and answers with the message as it is read', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const input = {
      workstream: 'a',
      content: 'line 1\nline 2\r\n\u2028 "🦆" \0',
      role: 'tool_result' as const,
      author: 'Ann',
      interaction_id: 'int_1',
      metadata: { tool_call_id: 'c', is_error: false },
    }
    const { workstream: _, ...fields } = input
    const sent = await manager.sendMessage(input)
    expect(sent).toMatchObject({ ...fields, v: 1, sequence: 1, timestamp: '2026-01-15T10:00:00.000Z' })
    expect((await (await dir.open()).listMessages('a')).items).toEqual([sent])
    const { sequence, ...record } = sent
    expect(sequence).toBe(1)
    expect(dir.recordsOf('a', 'messages')).toEqual([record])
  })

  it('opens a session when none is active and goes on in the one that is', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const one = await manager.sendMessage({ workstream: 'a', content: 'x' })
    const two = await manager.sendMessage({ workstream: 'a', content: 'y', role: 'assistant' })
    expect(two.session_id).toBe(one.session_id)
    dir.clock.advance(1_000)
    expect(await manager.endSession('a')).toMatchObject({
      id: one.session_id,
      status: 'ended',
      reason: 'requested',
      message_count: 2,
      turn_count: 1,
      ended_at: '2026-01-15T10:00:01.000Z',
    })
    const three = await manager.pushAgentMessage({ workstream: 'a', content: 'z' })
    expect(three).toMatchObject({ role: 'agent_push' })
    expect(three.session_id).not.toBe(one.session_id)
    await expectLevelWithLogs(manager)
  })

  it.each<[string, object, string]>([
    ['no content', {}, 'content'],
    ['an empty user message', { content: '' }, 'content'],
    ['a blank user message', { content: ' \n' }, 'content'],
    ['content that is no text', { content: 7 }, 'content'],
    ['half of a surrogate pair', { content: 'x\ud83e' }, 'content'],
    ['half of a surrogate pair in metadata', { content: 'x', metadata: { a: ['\ud83e'] } }, 'metadata.a.0'],
    ['an unknown role', { content: 'x', role: 'pirate' }, 'role'],
    ['the role of pushes', { content: 'x', role: 'agent_push' }, 'role'],
    ['metadata as text', { content: 'x', metadata: '{}' }, 'metadata'],
    ['an empty reference', { content: 'x', workstream: '' }, 'workstream'],
    ['a long author', { content: 'x', author: 'a'.repeat(201) }, 'author'],
    ['an unknown field', { content: 'x', sesion: 'y' }, ''],
  ])('refuses %s and names the field', async (_name, input, path) => {
    const { dir, manager } = await opened()
    await expect(manager.sendMessage(anything(input))).rejects.toMatchObject(invalid(path))
    expect(dir.snapshot()).toEqual({})
  })

  it('refuses a push that says nothing', async () => {
    const { manager } = await opened()
    await expect(manager.pushAgentMessage({ workstream: 'scratch', content: ' ' })).rejects.toMatchObject(
      invalid('content'),
    )
  })

  it('refuses what is longer than a line may be, writes nothing of it, and goes on', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a' })
    const before = dir.snapshot()
    const [long, short] = await Promise.allSettled([
      manager.sendMessage({ workstream: 'a', content: 'x'.repeat(9 * 1024 * 1024) }),
      manager.sendMessage({ workstream: 'a', content: 'short' }),
    ])
    expect(long).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'LOG_LINE_TOO_LONG',
        details: { workstreamId: 'a', log: 'messages', limitBytes: MAX_LINE_BYTES },
      },
    })
    expect(short).toMatchObject({ status: 'fulfilled', value: { sequence: 1 } })
    expect(dir.recordsOf('a', 'messages')).toHaveLength(1)
    expect(dir.recordsOf('a', 'sessions')).toHaveLength(1)
    expect(dir.snapshot()['a/workstream.jsonl']).toBe(before['a/workstream.jsonl'])
    await expectLevelWithLogs(manager)
  })

  it('leaves no scratch behind when the first message to it is too long', async () => {
    const { dir, manager } = await opened()
    await expect(manager.sendMessage({ content: 'x'.repeat(9 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'LOG_LINE_TOO_LONG',
    })
    expect(dir.snapshot()).toEqual({})
  })

  it('takes a message that fills a line', async () => {
    const { manager } = await opened()
    const content = 'x'.repeat(MAX_LINE_BYTES - 1_000)
    await manager.sendMessage({ content })
    expect((await manager.listMessages('scratch')).items[0]?.content).toBe(content)
  })
})
