import { array, assert, asyncProperty } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConversations } from '../src/import-format.js'
import { anySaid, openAiLine } from './openai/any-conversation.js'
import { exported, history, imported, stored } from './openai/round-trip.js'

const tripped = async (line: object): Promise<unknown> =>
  JSON.parse(await exported(stored(imported(JSON.stringify(line)))))

const call = (id: string, args: string, more: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: args },
  ...more,
})

describe('an OpenAI conversation, imported and exported', () => {
  it.each([
    [
      'plain',
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'u' },
          { role: 'assistant', content: 'a' },
        ],
      },
    ],
    ['developer', { messages: [{ role: 'developer', content: 'd' }] }],
    ['fields in another order', { messages: [{ content: 'u', role: 'user' }] }],
    [
      'names',
      {
        messages: [
          { role: 'user', name: 'ann', content: 'u' },
          { role: 'user', content: 'u', name: 'no 100%' },
          { role: 'user', name: '', content: '' },
        ],
      },
    ],
    [
      'parts',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'see' },
              { type: 'image_url', image_url: { url: 'data:…' } },
            ],
          },
        ],
      },
    ],
    [
      'arguments with spaces',
      { messages: [{ role: 'assistant', content: null, tool_calls: [call('1', '{"a": 1,  "b": 10.0}')] }] },
    ],
    [
      'arguments that are no JSON',
      {
        messages: [
          { role: 'assistant', content: null, tool_calls: [call('1', '{"a":'), call('2', ''), call('3', '"x"')] },
        ],
      },
    ],
    ['empty content beside calls', { messages: [{ role: 'assistant', content: '', tool_calls: [call('1', '{}')] }] }],
    ['no content beside calls', { messages: [{ role: 'assistant', tool_calls: [call('1', '{}', { index: 0 })] }] }],
    [
      'no content at all',
      { messages: [{ role: 'assistant', content: null }, { role: 'assistant' }, { role: 'user', content: null }] },
    ],
    ['no calls', { messages: [{ role: 'assistant', content: 'a', tool_calls: [] }] }],
    [
      'calls without ids',
      {
        messages: [
          { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f', arguments: {} } }] },
          { role: 'tool', content: 'x' },
        ],
      },
    ],
    [
      'calls with broken ids',
      {
        messages: [
          { role: 'assistant', content: null, tool_calls: [{ id: 5, type: 'function', function: {} }, { id: '' }, 7] },
        ],
      },
    ],
    [
      'custom tools',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: '1', type: 'custom', custom: { name: 'c', input: 'do it' } }],
          },
        ],
      },
    ],
    [
      'the old function call',
      {
        messages: [
          { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
          { role: 'function', name: 'f', content: '1' },
        ],
      },
    ],
    [
      'a refusal',
      {
        messages: [
          { role: 'assistant', content: null, refusal: 'I will not' },
          { role: 'assistant', content: 'a', refusal: null, annotations: [] },
        ],
      },
    ],
    [
      'text and calls in two messages',
      {
        messages: [
          { role: 'assistant', content: 'a' },
          { role: 'assistant', content: null, tool_calls: [call('1', '{}')] },
          { role: 'assistant', content: null, tool_calls: [call('2', '{}')] },
        ],
      },
    ],
    [
      'results',
      {
        messages: [
          { role: 'tool', tool_call_id: '1', content: 'r' },
          { role: 'tool', content: [{ type: 'text', text: 'r' }], tool_call_id: '1', name: 'f' },
        ],
      },
    ],
    [
      'more in the line',
      { tools: [{ type: 'function' }], messages: [{ role: 'user', content: 'u' }], parallel_tool_calls: false },
    ],
  ])('is the same: %s', async (_, line) => {
    expect(JSON.stringify(await tripped(line))).toBe(JSON.stringify(line))
  })

  it('needs no notes where the messages say it all', () => {
    const line = {
      messages: [
        { role: 'user', content: 'u' },
        { role: 'assistant', content: 'a', tool_calls: [call('1', '{"a": 1}')] },
        { role: 'tool', tool_call_id: '1', content: '2' },
      ],
    }
    expect(imported(JSON.stringify(line)).map(({ role, content, metadata }) => ({ role, content, metadata }))).toEqual([
      { role: 'user', content: 'u', metadata: undefined },
      { role: 'assistant', content: 'a', metadata: undefined },
      { role: 'tool_use', content: '{"a": 1}', metadata: { tool_call_id: '1', tool_name: 'f', arguments: { a: 1 } } },
      { role: 'tool_result', content: '2', metadata: { tool_call_id: '1' } },
    ])
  })

  it('is one conversation a line, each message named by its place and its words', () => {
    const line = (content: string) =>
      JSON.stringify({ messages: [{ role: 'critic', content: 'no' }, 5, { role: 'user', content }] })
    const conversations = parseConversations({
      format: 'openai',
      text: [line('one'), '{"x":1}', line('two'), '{"messages":[]}', '{"mess'].join('\n'),
      location: '/a.jsonl',
    })
    expect(conversations.map(({ source, title, skipped }) => [source.conversation_id, title, skipped])).toEqual([
      ['/a.jsonl#1', 'one', { unknown_role: 1, invalid_message: 1 }],
      ['/a.jsonl#3', 'two', { unknown_role: 1, invalid_message: 1, invalid_line: 2 }],
    ])
    expect(conversations[0]?.messages[0]?.key).toMatch(/^2:[0-9a-f]{16}$/)
    expect(conversations[0]?.messages[0]?.key).not.toBe(conversations[1]?.messages[0]?.key)
  })

  it('is the same whatever a line of known roles holds', async () => {
    await assert(
      asyncProperty(openAiLine, async (line) => {
        const text = JSON.stringify(line)
        expect(await exported(stored(imported(text)))).toBe(`${text}\n`)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('any history, exported', () => {
  it('is exported equal after an import', async () => {
    await assert(
      asyncProperty(array(anySaid, { minLength: 1, maxLength: 8 }), async (said) => {
        const once = await exported(history(said))
        const back = imported(once)
        expect(await exported(stored(back))).toBe(once)
        // An empty text beside calls is the one message that OpenAI's form does not tell from none.
        const roles = (messages: readonly { role: string; content: string }[]) =>
          messages.filter(({ role, content }) => role !== 'assistant' || content !== '').map(({ role }) => role)
        expect(roles(back)).toEqual(roles(said))
      }),
      { numRuns: 3_000 },
    )
  })
})
