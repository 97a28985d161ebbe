import { describe, expect, it } from 'vitest'
import { parseConversations } from '../src/import-format.js'

let uuids = 0
const user = (content: unknown, more: object = {}) => ({
  type: 'user',
  uuid: `u${uuids++}`,
  sessionId: 's1',
  timestamp: '2026-02-11T20:36:45.618Z',
  message: { role: 'user', content },
  ...more,
})
const assistant = (id: string, block: object, usage: object = {}, more: object = {}) => ({
  type: 'assistant',
  uuid: `a${uuids++}`,
  sessionId: 's1',
  timestamp: '2026-02-11T20:36:46.000Z',
  message: { id, role: 'assistant', model: 'claude-test', content: [block], usage },
  ...more,
})
const text = (words: string) => ({ type: 'text', text: words })
const thinking = (words: string) => ({ type: 'thinking', thinking: words, signature: 'c2ln' })
const call = (id: string, name: string, input: unknown) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more: object = {}) => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  ...more,
})

function parse(lines: object[], location = '/projects/x/s1.jsonl') {
  const [conversation] = parseConversations({
    format: 'claude-code',
    text: lines.map((line) => JSON.stringify(line)).join('\n'),
    location,
  })
  if (conversation === undefined) throw new Error('no conversation')
  return conversation
}

describe('a Claude Code transcript', () => {
  it('gives a message for each block, in the order of the file', () => {
    const { messages, source } = parse([
      user('List the files', { uuid: 'u-1', cwd: '/home/me/x', gitBranch: 'main' }),
      assistant('m1', text('I look.'), {}, { uuid: 'a-1' }),
      assistant('m1', call('t1', 'Bash', { command: 'ls' }), {}, { uuid: 'a-2' }),
      user([result('t1', [text('a.txt'), { type: 'image', source: {} }, text('b.txt')])], { uuid: 'u-2' }),
    ])
    expect(source).toEqual({ format: 'claude-code', conversation_id: 's1' })
    expect(messages).toEqual([
      {
        key: 'u-1#0',
        role: 'user',
        content: 'List the files',
        timestamp: '2026-02-11T20:36:45.618Z',
        metadata: { cwd: '/home/me/x', git_branch: 'main' },
      },
      {
        key: 'a-1#0',
        role: 'assistant',
        content: 'I look.',
        timestamp: '2026-02-11T20:36:46.000Z',
        metadata: { model: 'claude-test' },
      },
      {
        key: 'a-2#0',
        role: 'tool_use',
        content: '{"command":"ls"}',
        timestamp: '2026-02-11T20:36:46.000Z',
        metadata: { tool_call_id: 't1', tool_name: 'Bash', arguments: { command: 'ls' } },
      },
      {
        key: 'u-2#0',
        role: 'tool_result',
        content: 'a.txt\n[image]\nb.txt',
        timestamp: '2026-02-11T20:36:45.618Z',
        metadata: { tool_call_id: 't1', tool_name: 'Bash', is_error: false },
      },
    ])
  })

  it('keeps results that failed, say nothing or belong to no call', () => {
    const { messages } = parse([
      user([result('t9', 'no such file', { is_error: true }), result('t8', ''), result('t7', undefined)]),
    ])
    expect(messages.map(({ content, metadata }) => [content, metadata?.is_error])).toEqual([
      ['no such file', true],
      ['', false],
      ['', false],
    ])
  })

  it('puts model and the last usage on the first message of an answer only', () => {
    const { messages } = parse([
      assistant('m1', text('\n\n'), { output_tokens: 1 }),
      assistant('m1', text('One.'), { output_tokens: 1, service_tier: 'standard' }),
      assistant('m1', call('t1', 'Bash', {}), { output_tokens: 1 }),
      user([result('t1', 'ok')]),
      assistant('m1', call('t2', 'Bash', {}), { output_tokens: 70, input_tokens: 3, cache_creation: { x: 1 } }),
    ])
    expect(messages.map(({ role, metadata }) => [role, metadata?.model, metadata?.usage])).toEqual([
      ['assistant', 'claude-test', { output_tokens: 70, input_tokens: 3 }],
      ['tool_use', undefined, undefined],
      ['tool_result', undefined, undefined],
      ['tool_use', undefined, undefined],
    ])
  })

  it('keeps thinking with the message that it led to', () => {
    const { messages, skipped } = parse([
      assistant('m1', thinking('First,')),
      assistant('m1', thinking('then.')),
      assistant('m1', text('Done.')),
      assistant('m2', thinking('Interrupted.')),
      user([text('[Request interrupted by user]')]),
      assistant('m3', thinking('Again,')),
      assistant('m3', text('Again.')),
    ])
    expect(messages.map(({ content, metadata }) => [content, metadata?.thinking])).toEqual([
      ['Done.', 'First,\n\nthen.'],
      ['[Request interrupted by user]', undefined],
      ['Again.', 'Interrupted.\n\nAgain,'],
    ])
    expect(skipped).toEqual({})
  })

  it('gives a thought to the one who had it', () => {
    const sub = { isSidechain: true, agentId: 'x7' }
    const { messages } = parse([
      assistant('m1', thinking('Mine.')),
      assistant('s1', thinking('Theirs.'), {}, sub),
      assistant('m1', text('a')),
      assistant('s1', text('b'), {}, sub),
    ])
    expect(messages.map(({ content, metadata }) => [content, metadata?.thinking])).toEqual([
      ['a', 'Mine.'],
      ['b', 'Theirs.'],
    ])
  })

  it('counts a thought that no message follows yet, and gives it to the next one when the file has grown', () => {
    const lines = [user('hi'), assistant('m1', text('Hello.')), assistant('m2', thinking('Hm.'))]
    const before = parse(lines)
    expect(before.skipped).toEqual({ thinking: 1 })
    expect(before.messages.map(({ metadata }) => metadata?.thinking)).toEqual([undefined, undefined])
    const after = parse([...lines, assistant('m2', text('Done.'))])
    expect(after.messages.map(({ metadata }) => metadata?.thinking)).toEqual([undefined, undefined, 'Hm.'])
  })

  it('counts what is no message by what it is, and takes a line once', () => {
    const twice = user('hi')
    const { messages, skipped } = parse([
      { type: 'file-history-snapshot', messageId: 'm', snapshot: {} },
      twice,
      twice,
      { type: 'progress', sessionId: 's1' },
      { type: 'progress', sessionId: 's1' },
      { type: 'queue-operation', operation: 'enqueue', sessionId: 's1' },
      { type: 'system', subtype: 'compact_boundary', content: 'Conversation compacted', sessionId: 's1' },
      { type: 'user', message: 'hi' },
      { uuid: 'x' },
      assistant('m1', { type: 'redacted_thinking', data: 'x' }),
      assistant('m1', text(' \n')),
      user([null, { type: 'image', source: { data: 'aGk=' } }]),
    ])
    expect(messages.map(({ content }) => content)).toEqual(['hi', '[image]'])
    expect(skipped).toEqual({
      'file-history-snapshot': 1,
      repeated: 1,
      progress: 2,
      'queue-operation': 1,
      system: 1,
      invalid_line: 2,
      redacted_thinking: 1,
      blank_text: 1,
      invalid_block: 1,
    })
  })

  it('marks what the user did not say, and what a sub-agent said', () => {
    const { messages } = parse([
      user('a', { isMeta: true }),
      user('b', { isCompactSummary: true, isSidechain: false }),
      assistant('m1', text('c'), {}, { isSidechain: true }),
    ])
    expect(messages.map(({ metadata }) => metadata)).toEqual([
      { meta: true },
      { compact_summary: true },
      { sidechain: true, model: 'claude-test' },
    ])
  })

  it('is one conversation, named by its file where a line says so, else by its first line', () => {
    const lines = [user('a', { sessionId: 's0' }), user('b')]
    expect(parse(lines, '/p/s1.jsonl').source.conversation_id).toBe('s1')
    expect(parse(lines, 'C:\\p\\s1.jsonl').source.conversation_id).toBe('s1')
    expect(parse(lines, '/p/copy.jsonl').source.conversation_id).toBe('s0')
    expect(parse([user('a', { sessionId: undefined })], '/p/copy.jsonl').source.conversation_id).toBe('/p/copy.jsonl')
  })

  it('keeps the file of a sub-agent apart from the session that started it', () => {
    const lines = [user('a', { isSidechain: true, agentId: 'x7' }), user('b', { isSidechain: true, agentId: 'x7' })]
    expect(parse(lines, '/p/agent-x7.jsonl').source.conversation_id).toBe('s1#x7')
  })

  it.each([
    ['Named', [{ type: 'custom-title', customTitle: 'Named' }, { type: 'summary', summary: 'Sum' }, user('hi')]],
    ['Sum', [{ type: 'summary', summary: 'Sum', leafUuid: 'last' }, user('hi', { uuid: 'last' })]],
    ['hi', [{ type: 'summary', summary: 'Another session', leafUuid: 'elsewhere' }, user('hi', { slug: 'a-b-c' })]],
    [
      'review the login',
      [user('<command-message>r</command-message>\n<command-args>review the login</command-args>'), user('hi')],
    ],
    [
      'hi',
      [
        user('skill text', { isMeta: true }),
        user('<local-command-caveat>Caveat: …</local-command-caveat>'),
        user('<command-name>/mcp</command-name>\n<command-args></command-args>'),
        user('<local-command-stdout>ok</local-command-stdout>'),
        user('<task-notification>done</task-notification>'),
        user([text('[Request interrupted by user]')]),
        user('This session is being continued', { isCompactSummary: true }),
        user([result('t1', 'x'), text('hi')]),
      ],
    ],
    ['a-b-c', [assistant('m1', text('x'), {}, { slug: 'a-b-c' })]],
    [null, [assistant('m1', text('x'))]],
  ])('has the title %j', (title, lines) => {
    expect(parse(lines).title).toBe(title)
  })
})
