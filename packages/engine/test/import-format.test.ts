import { hasCode } from '@arawn/core/error'
import { MAX_LINE_BYTES } from '@arawn/core/log-store'
import { metadataSchema, roleSchema, timestampSchema } from '@arawn/core/message'
import { titleSchema } from '@arawn/core/workstream'
import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  dictionary,
  json,
  letrec,
  oneof,
  option,
  property,
  string,
  tuple,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectImportFormat, type ImportFormat, parseConversations } from '../src/import-format.js'

const formats: ImportFormat[] = ['claude-code', 'openai', 'jsonl']

function problemOf(format: ImportFormat, text: string): string | undefined {
  try {
    parseConversations({ format, text, location: '/chats/a.jsonl' })
    return undefined
  } catch (error) {
    if (hasCode(error, 'IMPORT_UNREADABLE')) return error.details.problem
    throw error
  }
}

describe('detectImportFormat', () => {
  it.each([
    ['claude-code', '{"type":"user","uuid":"u","sessionId":"s","message":{"role":"user","content":"hi"}}'],
    ['claude-code', '{"type":"file-history-snapshot","messageId":"m","snapshot":{}}'],
    ['claude-code', '{"type":"summary","summary":"Fix the login","leafUuid":"u"}'],
    ['openai', '{"messages":[{"role":"user","content":"hi"}]}'],
    ['openai', '\ufeff{"tools":[],"messages":[]}\r'],
    ['jsonl', '{"role":"user","content":"hi","timestamp":"2026-01-15T10:00:00.000Z"}'],
    ['jsonl', '{"v":1,"stamp":1,"id":"msg_1","session_id":"ses_1","role":"user","content":"hi"}'],
  ])('knows %s by %s', (format, line) => {
    expect(detectImportFormat([line])).toBe(format)
  })

  it('passes over lines that say nothing', () => {
    expect(detectImportFormat(['', 'not JSON', '[]', '{"a":1}', '{"messages":[]}'])).toBe('openai')
  })

  it('knows nothing of other files', () => {
    expect(detectImportFormat([])).toBeUndefined()
    expect(detectImportFormat(['# Notes', '{"name":"package"}', 'null'])).toBeUndefined()
  })
})

describe('parseConversations', () => {
  it('names the first line that does not fit when nothing is a message', () => {
    expect(problemOf('openai', '\n{"a":1}\nnot JSON')).toBe('line 3 is not JSON, or nested too deep')
    expect(problemOf('openai', '{"a":1}')).toBe('line 1 has no list "messages"')
    expect(problemOf('jsonl', '{"role":"user"}')).toBe('line 1 has no "role" and "content" that are strings')
    expect(problemOf('claude-code', '[]')).toBe('line 1 is not a JSON object')
    expect(problemOf('claude-code', '{"type":"progress"}')).toBe('no line holds a message of the format claude-code')
    expect(problemOf('openai', '{"messages":[]}')).toBe('no line holds a message of the format openai')
    expect(problemOf('jsonl', ' \n\n')).toBe('the file is empty')
  })

  it('counts a half-written last line and keeps the rest', () => {
    const text = '\ufeff{"role":"user","content":"hi"}\r\n{"role":"assistant","content":"hel'
    const [conversation] = parseConversations({ format: 'jsonl', text, location: '/a.jsonl' })
    expect(conversation?.messages.map(({ content }) => content)).toEqual(['hi'])
    expect(conversation?.skipped).toEqual({ invalid_line: 1 })
  })

  it.each([
    ['jsonl', (content: string) => JSON.stringify({ role: 'user', content })],
    [
      'openai',
      (content: string) =>
        JSON.stringify({
          messages: [
            { role: 'user', content: 'hi' },
            { role: 'user', content },
          ],
        }),
    ],
    ['claude-code', (content: string) => JSON.stringify({ type: 'user', message: { content } })],
  ] as const)('passes over a message of %s that no line can hold, and keeps the rest', (format, line) => {
    const text = [line('hi'), line('ä'.repeat(MAX_LINE_BYTES / 2)), line('ho')].join('\n')
    const conversations = parseConversations({ format, text, location: '/a.jsonl' })
    const contents = conversations.flatMap(({ messages }) => messages.map(({ content }) => content.slice(0, 9)))
    expect(contents.filter((content) => content.startsWith('ä'))).toEqual([])
    expect(contents).toEqual(expect.arrayContaining(['hi', 'ho']))
    const skipped = conversations.map(({ skipped }) => skipped.too_long ?? 0)
    expect(skipped.reduce((a, b) => a + b, 0)).toBe(1)
  })

  it('takes no text that cannot be written as UTF-8 and no number that is none', () => {
    const line = '{"role":"user","content":"cut \\ud83d","metadata":{"big":1e400,"\\ud800":"\\udc00"}}'
    const [conversation] = parseConversations({ format: 'jsonl', text: line, location: '/a.jsonl' })
    expect(conversation?.messages[0]).toMatchObject({
      content: 'cut \ufffd',
      metadata: { big: null, '\ufffd': '\ufffd' },
    })
  })

  it('refuses a line nested so deep that keeping it would overflow the stack', () => {
    const deep = (levels: number) =>
      `{"role":"user","content":"x","metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    expect(problemOf('jsonl', deep(100_000))).toMatch(/nested too deep/)
    const [conversation] = parseConversations({ format: 'jsonl', text: deep(190), location: '/a.jsonl' })
    expect(metadataSchema.safeParse(conversation?.messages[0]?.metadata).success).toBe(true)
  })

  it('gives storable messages or IMPORT_UNREADABLE, whatever the lines hold', () => {
    assert(
      property(constantFrom(...formats), array(hostileLine, { maxLength: 6 }), (format, lines) => {
        let conversations: ReturnType<typeof parseConversations>
        try {
          conversations = parseConversations({ format, text: lines.join('\n'), location: '/a.jsonl' })
        } catch (error) {
          expect(hasCode(error, 'IMPORT_UNREADABLE')).toBe(true)
          return
        }
        expect(conversations.length).toBeGreaterThan(0)
        for (const { messages, title, source } of conversations) {
          expect(messages.length).toBeGreaterThan(0)
          expect(source.conversation_id).not.toBe('')
          if (title !== null) expect(titleSchema.parse(title)).toBe(title)
          expect(new Set(messages.map(({ key }) => key)).size).toBe(messages.length)
          for (const { key, role, content, timestamp, author, metadata = {} } of messages) {
            expect(key.length).toBeLessThanOrEqual(500)
            roleSchema.parse(role)
            expect(content).not.toMatch(/\p{Surrogate}/u)
            if (timestamp !== undefined) timestampSchema.parse(timestamp)
            if (author !== undefined) expect(author.trim()).toBe(author)
            metadataSchema.parse(metadata)
          }
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

// Objects made of the words of all formats, in places where they do not belong.
const words = [
  'type',
  'user',
  'assistant',
  'system',
  'message',
  'messages',
  'content',
  'role',
  'text',
  'tool_use',
  'tool_result',
  'thinking',
  'id',
  'uuid',
  'name',
  'input',
  'tool_use_id',
  'tool_calls',
  'function',
  'arguments',
  'tool_call_id',
  'sessionId',
  'timestamp',
  'usage',
  'model',
  'summary',
  'author',
  'metadata',
  'isSidechain',
  'agentId',
  '__proto__',
  'constructor',
  'openai',
  'source',
]
const word = oneof({ weight: 6, arbitrary: constantFrom(...words) }, string({ unit: 'binary', maxLength: 4 }))
const { node } = letrec<{ node: unknown }>((tie) => ({
  node: oneof(
    { maxDepth: 6, withCrossShrink: true },
    word,
    constantFrom(null, true, 0, -1.5, '', '\ud800', '2026-01-15T10:00:00Z'),
    array(tie('node'), { maxLength: 4 }),
    dictionary(word, tie('node'), { maxKeys: 6 }),
  ),
}))
const shaped: Arbitrary<unknown> = oneof(
  tuple(constantFrom('user', 'assistant', 'x'), node, option(word), option(node)).map(
    ([type, content, uuid, more]) => ({
      type,
      uuid,
      timestamp: more,
      message: { role: type, id: more, content, usage: more },
    }),
  ),
  array(tuple(constantFrom('user', 'assistant', 'tool', 'system', 'x'), node, node, node), { maxLength: 4 }).map(
    (messages) => ({
      messages: messages.map(([role, content, name, tool_calls]) => ({
        role,
        content,
        name,
        tool_calls,
        tool_call_id: name,
      })),
    }),
  ),
  tuple(word, word, node).map(([role, content, rest]) => ({
    role,
    content,
    id: rest,
    author: rest,
    timestamp: rest,
    metadata: rest,
  })),
)
const hostileLine: Arbitrary<string> = oneof(
  shaped.map((value) => JSON.stringify(value)),
  dictionary(word, node).map((value) => JSON.stringify(value)),
  json(),
  string({ unit: 'binary' }),
)
