import type { Message, Metadata } from '@arawn/core/message'
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  option,
  record,
  string,
  tuple,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportOpenAi } from '../src/export-openai.js'
import { parseConversations } from '../src/import-format.js'
import type { ImportedMessage } from '../src/imported-conversation.js'

type Said = Pick<Message, 'role' | 'content'> & { author?: string | undefined; metadata?: Metadata | undefined }

function history(said: readonly Said[]): Message[] {
  return said.map(({ role, content, author, metadata }, index) => ({
    v: 1,
    stamp: index + 1,
    sequence: index + 1,
    id: `msg_${index}`,
    session_id: 'ses_1',
    timestamp: '2026-01-15T10:00:00.000Z',
    role,
    content,
    ...(author !== undefined && { author }),
    ...(metadata !== undefined && { metadata }),
  }))
}

/** As the import stores them: each with its source in its metadata. */
function stored(messages: readonly ImportedMessage[]): Message[] {
  return history(
    messages.map(({ role, content, author, metadata, key }) => ({
      role,
      content,
      author,
      metadata: { ...metadata, source: { conversation_id: '/a.jsonl#1', key } },
    })),
  )
}

async function exported(messages: readonly Message[]): Promise<string> {
  let text = ''
  for await (const piece of exportOpenAi(messages)) text += piece
  return text
}

function imported(text: string): ImportedMessage[] {
  const conversations = parseConversations({ format: 'openai', text, location: '/a.jsonl' })
  expect(conversations).toHaveLength(1)
  return conversations.flatMap(({ messages }) => messages)
}

const messagesOf = async (said: readonly Said[]): Promise<unknown> => JSON.parse(await exported(history(said))).messages
const tripped = async (line: object): Promise<unknown> =>
  JSON.parse(await exported(stored(imported(JSON.stringify(line)))))

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

const words = oneof(
  constantFrom('', 'hi', '{}', '{"a": 1}', '"x"', '5', 'null', '{"a":"\\ud800"}', '1e400'),
  string({ unit: 'binary', maxLength: 6 }),
)
const json = jsonValue({ maxDepth: 3, stringUnit: 'binary' }) as Arbitrary<Metadata[string]>
const authors = oneof(
  constantFrom(
    'ann',
    'ci bot',
    ' x',
    'agent_push',
    'agent_push.x',
    '%61gent_push',
    '100%',
    'a%20b',
    'größe',
    'x'.repeat(200),
  ),
  string({ unit: 'binary', minLength: 1, maxLength: 4 }),
)
const fieldNames = constantFrom(
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'messages',
  'tools',
  'x',
  '1',
  '__proto__',
)
const notes = record(
  {
    fields: oneof(
      json,
      array(
        oneof(fieldNames, dictionary(fieldNames, oneof(json, words, constantFrom('user', 'assistant')))),
      ) as Arbitrary<Metadata[string]>,
    ),
    begins: oneof(boolean(), json),
    line: oneof(json, array(oneof(fieldNames, dictionary(fieldNames, json))) as Arbitrary<Metadata[string]>),
  },
  { requiredKeys: [] },
)
const metadata = record(
  {
    tool_call_id: oneof(constantFrom('t1', 't2', 'call_1', 'none', ''), json),
    tool_name: oneof(constantFrom('bash', ''), json),
    arguments: oneof(words, json),
    is_error: boolean(),
    thinking: string(),
    openai: oneof(notes, json) as Arbitrary<Metadata[string]>,
    other: json,
  },
  { requiredKeys: [] },
)
const anySaid: Arbitrary<Said> = record(
  {
    role: constantFrom('user', 'assistant', 'system', 'tool_use', 'tool_use', 'tool_result', 'agent_push'),
    content: words,
    author: authors,
    metadata: metadata as Arbitrary<Metadata>,
  },
  { requiredKeys: ['role', 'content'] },
)

// What the import makes storable is not equal afterwards: halves of surrogate pairs, -0.
const cleanJson = jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })
const cleanWords = oneof(constantFrom('', 'hi', '{"a": 1}', '{}'), string({ unit: 'grapheme', maxLength: 6 }))
const openAiCall = oneof(
  tuple(cleanWords, cleanWords, cleanWords).map(([id, name, args]) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })),
  record(
    {
      id: cleanJson,
      function: oneof(cleanJson, record({ name: cleanJson, arguments: cleanJson }, { requiredKeys: [] })),
      x: cleanJson,
    },
    { requiredKeys: [] },
  ),
  cleanJson,
)
const openAiMessage = tuple(
  constantFrom('system', 'developer', 'user', 'assistant', 'assistant', 'tool', 'function'),
  record(
    {
      content: oneof(
        cleanWords,
        cleanJson,
        array(record({ type: constantFrom('text', 'image_url'), text: cleanWords }, { requiredKeys: ['type'] })),
      ),
      name: oneof(
        authors.map((name) => name.replace(/\p{Surrogate}/gu, '')),
        cleanJson,
      ),
      tool_calls: oneof(array(openAiCall, { maxLength: 3 }), cleanJson),
      function_call: cleanJson,
      refusal: option(cleanWords),
      tool_call_id: oneof(cleanWords, cleanJson),
      x: cleanJson,
    },
    { requiredKeys: [] },
  ),
).map(([role, rest]) => ({ role, ...rest }))
const openAiLine = tuple(
  array(openAiMessage, { minLength: 1, maxLength: 6 }),
  dictionary(constantFrom('tools', 'x', '7', 'metadata'), cleanJson),
  boolean(),
).map(([messages, more, first]) => (first ? { messages, ...more } : { ...more, messages }))
