import type { Metadata } from '@arawn/core/message'
import { describe, expect, it } from 'vitest'
import { exported, history, imported, type Said, stored } from './openai/round-trip.js'

const messagesOf = async (said: readonly Said[]): Promise<unknown> => JSON.parse(await exported(history(said))).messages

describe('exportOpenAi', () => {
  it('writes one line, also of nothing', async () => {
    expect(await exported([])).toBe('{"messages":[]}\n')
    expect(await exported(history([{ role: 'user', content: 'a\nb' }]))).toBe(
      '{"messages":[{"role":"user","content":"a\\nb"}]}\n',
    )
  })

  it('joins the text of an assistant and the tools it calls', async () => {
    expect(
      await messagesOf([
        { role: 'assistant', content: 'I look.' },
        {
          role: 'tool_use',
          content: 'ls -l',
          metadata: { tool_call_id: 't1', tool_name: 'bash', arguments: { command: 'ls -l' } },
        },
        {
          role: 'tool_use',
          content: '{"path": "a"}',
          metadata: { tool_call_id: 't2', tool_name: 'read', arguments: { path: 'a' } },
        },
        { role: 'tool_result', content: 'a', metadata: { tool_call_id: 't1', is_error: false } },
        { role: 'tool_use', content: '{}', metadata: { tool_call_id: 't3', tool_name: 'done', arguments: {} } },
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 't1', type: 'function', function: { name: 'bash', arguments: '{"command":"ls -l"}' } },
          { id: 't2', type: 'function', function: { name: 'read', arguments: '{"path": "a"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 't1', content: 'a' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 't3', type: 'function', function: { name: 'done', arguments: '{}' } }],
      },
    ])
  })

  it('makes a push a user message that says what it is, and takes it back as a push', async () => {
    const said: Said[] = [
      { role: 'agent_push', content: 'Build failed', author: 'ci bot' },
      { role: 'agent_push', content: 'Again' },
      { role: 'user', content: 'Really', author: 'agent_push' },
    ]
    expect(await messagesOf(said)).toEqual([
      { role: 'user', name: 'agent_push.ci%20bot', content: 'Build failed' },
      { role: 'user', name: 'agent_push', content: 'Again' },
      { role: 'user', name: '%61gent_push', content: 'Really' },
    ])
    const back = imported(await exported(history(said)))
    expect(
      back.map(({ role, content, author }) => ({ role, content, ...(author !== undefined && { author }) })),
    ).toEqual(said)
  })

  it('pairs calls and results that have no ids', async () => {
    expect(
      await messagesOf([
        { role: 'tool_use', content: 'ls' },
        { role: 'tool_result', content: 'a.txt' },
        { role: 'tool_result', content: 'to nothing' },
      ]),
    ).toMatchObject([
      { tool_calls: [{ id: 'call_1', function: { name: 'unknown_tool', arguments: 'ls' } }] },
      { tool_call_id: 'call_1' },
      { tool_call_id: 'call_3' },
    ])
  })

  it('writes nothing that the import would refuse as nested too deep', async () => {
    const deep = (levels: number): Metadata[string] => (levels === 0 ? 1 : { a: deep(levels - 1) })
    const fields = ['role', 'content', { x: deep(300) }]
    const line = ['messages', { x: deep(300) }]
    const said: Said[] = [
      { role: 'user', content: 'hi', metadata: { openai: { fields, line } } },
      { role: 'tool_use', content: 'x', metadata: { tool_call_id: 't1', tool_name: 'f', arguments: deep(300) } },
    ]
    const once = await exported(history(said))
    expect(await exported(stored(imported(once)))).toBe(once)
  })

  it('does not let kept notes say what the messages do not say', async () => {
    const fields = ['role', { content: 'something else' }]
    expect(await messagesOf([{ role: 'user', content: 'hi', metadata: { openai: { fields } } }])).toEqual([
      { role: 'user', content: 'hi' },
    ])
  })
})
