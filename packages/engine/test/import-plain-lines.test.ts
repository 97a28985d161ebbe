import { describe, expect, it } from 'vitest'
import { parseConversations } from '../src/import-format.js'

function parse(...lines: object[]) {
  const text = lines.map((line) => JSON.stringify(line)).join('\n')
  const [conversation, ...others] = parseConversations({ format: 'jsonl', text, location: '/chats/a.jsonl' })
  if (conversation === undefined || others.length > 0) throw new Error('not one conversation')
  return conversation
}

describe('one message a line', () => {
  it('is a conversation named by its file', () => {
    const conversation = parse(
      { role: 'assistant', content: 'How can I help?' },
      { role: 'user', content: '\n  Plan   the trip\nto Rome', timestamp: '2026-01-15T10:00:00+01:00' },
    )
    expect(conversation.source).toEqual({ format: 'jsonl', conversation_id: '/chats/a.jsonl' })
    expect(conversation.title).toBe('Plan the trip')
    expect(conversation.messages[1]).toMatchObject({ role: 'user', timestamp: '2026-01-15T10:00:00+01:00' })
  })

  it('takes what a line says beyond its role and content', () => {
    const line = { id: 'm1', role: 'agent_push', content: 'done', author: ' ci ', metadata: { build: 7 }, other: 1 }
    expect(parse(line).messages).toEqual([
      { key: 'm1', role: 'agent_push', content: 'done', author: 'ci', metadata: { build: 7 } },
    ])
  })

  it('names a line without an id by its place and its words', () => {
    const before = parse({ role: 'user', content: 'a' }, { role: 'user', content: 'b' })
    const edited = parse({ role: 'user', content: 'a' }, { role: 'user', content: 'B' })
    const keys = [before, edited].map(({ messages }) => messages.map(({ key }) => key))
    expect(keys[0]?.[0]).toBe(keys[1]?.[0])
    expect(keys[0]?.[1]).not.toBe(keys[1]?.[1])
    expect(keys[0]?.[1]).toMatch(/^2:[0-9a-f]{16}$/)
  })

  it('reads a time without a zone as UTC, and one that is none as none', () => {
    const timestamps = ['2026-01-15T10:00:00', '2026-01-15 10:00:00.25', '2026-02-30T10:00:00Z', 'yesterday', 5].map(
      (timestamp) => parse({ role: 'user', content: 'a', timestamp }).messages[0]?.timestamp,
    )
    expect(timestamps).toEqual(['2026-01-15T10:00:00Z', '2026-01-15T10:00:00.25Z', undefined, undefined, undefined])
  })

  it('counts what is no message', () => {
    const conversation = parse(
      { id: 'm1', role: 'user', content: 'a' },
      { id: 'm1', role: 'user', content: 'again' },
      { role: 'critic', content: 'no' },
      { role: 'user', content: ['a'] },
      { type: 'log_adopted' },
    )
    expect(conversation.messages).toHaveLength(1)
    expect(conversation.skipped).toEqual({ repeated: 1, unknown_role: 1, invalid_line: 2 })
  })

  it('cuts a long title at a word border, at most 80 characters', () => {
    const titles = ['word '.repeat(40), 'x'.repeat(200), '😀'.repeat(100)].map(
      (content) => parse({ role: 'user', content }).title ?? '',
    )
    expect(titles[0]).toBe(`${'word '.repeat(15)}word…`)
    for (const title of titles) {
      expect([...title].length).toBeLessThanOrEqual(80)
      expect(title).not.toMatch(/\p{Surrogate}/u)
    }
  })
})
