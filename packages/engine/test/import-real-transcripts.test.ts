import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { metadataSchema } from '@arawn/core/message'
import { realTranscripts, realTranscriptsDir } from '@arawn/testkit/real-transcripts'
import { describe, expect, it } from 'vitest'
import { exportOpenAi } from '../src/export-openai.js'
import { detectImportFormat, type ImportFormat, parseConversations } from '../src/import-format.js'

// A second, cruder reading of the same files, to hold the first against.
interface Block {
  type: string
  text?: string
  thinking?: string
  id?: string
  tool_use_id?: string
}
interface Line {
  type: string
  operation?: string
  content?: string
  uuid?: string
  message?: { id?: string; content: string | Block[]; usage?: { output_tokens: number } }
}

describe.skipIf(realTranscripts.length === 0)(
  'real Claude Code transcripts (skipped unless ARAWN_TEST_DATA has some)',
  () => {
    it.each(realTranscripts)('%s: no block is lost', (name) => {
      const location = join(realTranscriptsDir, name)
      const text = readFileSync(location, 'utf8')
      const lines = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Line => JSON.parse(line))
      const blocks = lines.flatMap(({ type, message }) => {
        if ((type !== 'user' && type !== 'assistant') || message === undefined) return []
        const list: Block[] =
          typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
        return list.map((block) => ({ speaker: type, ...block }))
      })
      const texts = (speaker: string) =>
        blocks.filter((b) => b.type === 'text' && b.speaker === speaker && b.text?.trim() !== '')
      const ofType = (type: string) => blocks.filter((block) => block.type === type)

      expect(detectImportFormat(text.split('\n', 5))).toBe('claude-code')
      const startedMs = performance.now()
      const conversations = parseConversations({ format: 'claude-code', text, location })
      const tookMs = performance.now() - startedMs
      expect(conversations).toHaveLength(1)
      const [{ messages, skipped, title, source }] = conversations as [(typeof conversations)[0]]
      const ofRole = (role: string) => messages.filter((message) => message.role === role)

      // Words that were typed while the model worked, and of which no user line tells.
      const queued = lines
        .filter(({ type, operation }) => type === 'queue-operation' && operation === 'enqueue')
        .map(({ content = '' }) => content)
        .filter((words) => !/^[</]/.test(words) && !texts('user').some(({ text }) => text === words))
      const isQueued = ({ key }: { key: string }) => key.startsWith('queued:')
      expect(messages.filter(isQueued).map(({ content }) => content)).toEqual(queued)
      const users = ofRole('user').filter((message) => !isQueued(message))
      expect(users.map(({ content }) => content)).toEqual(texts('user').map(({ text }) => text))
      expect(ofRole('assistant').map(({ content }) => content)).toEqual(texts('assistant').map(({ text }) => text))
      expect(ofRole('tool_use').map(({ metadata }) => metadata?.tool_call_id)).toEqual(
        ofType('tool_use').map(({ id }) => id),
      )
      expect(ofRole('tool_result').map(({ metadata }) => metadata?.tool_call_id)).toEqual(
        ofType('tool_result').map(({ tool_use_id }) => tool_use_id),
      )
      expect(messages).toHaveLength(
        texts('user').length +
          texts('assistant').length +
          ofType('tool_use').length +
          ofType('tool_result').length +
          queued.length,
      )

      const thoughts = ofType('thinking').map(({ thinking }) => thinking ?? '')
      const kept = messages.map(({ metadata }) => metadata?.thinking ?? '').join('\n\n')
      expect(thoughts.length).toBeGreaterThan(0)
      for (const thought of thoughts) expect(kept).toContain(thought)
      expect(kept.replace(/\s/g, '').length).toBe(thoughts.join('').replace(/\s/g, '').length)

      const called = new Set(ofRole('tool_use').map(({ metadata }) => metadata?.tool_call_id))
      expect(new Set(ofRole('tool_result').map(({ metadata }) => metadata?.tool_call_id))).toEqual(called)
      expect(ofRole('tool_result').every(({ metadata }) => typeof metadata?.tool_name === 'string')).toBe(true)

      const lastUsage = new Map(
        lines.flatMap(({ message }) => (message?.id ? [[message.id, message.usage?.output_tokens ?? 0]] : [])),
      )
      const usages = messages.map(({ metadata }) => metadata?.usage).filter((usage) => usage !== undefined)
      expect(usages.map((usage) => Object(usage).output_tokens)).toEqual([...lastUsage.values()])

      const others = lines.filter(({ type }) => type !== 'user' && type !== 'assistant')
      const blank = ofType('text').length - texts('user').length - texts('assistant').length
      expect(skipped.blank_text ?? 0).toBe(blank)
      expect(Object.values(skipped).reduce((a, b) => a + b, 0)).toBe(others.length - queued.length + blank)

      expect(new Set(messages.map(({ key }) => key)).size).toBe(messages.length)
      for (const { metadata = {}, timestamp } of messages) {
        metadataSchema.parse(metadata)
        expect(timestamp).toMatch(/Z$/)
      }
      expect(source.conversation_id).toMatch(/^[0-9a-f-]{36}$/)
      expect(title).not.toBeNull()
      console.info(
        `${name}: ${messages.length} messages of ${text.length} characters in ${tookMs.toFixed(0)} ms, ${JSON.stringify(title)}`,
      )
      expect(tookMs).toBeLessThan(5_000)
    })

    it.each(realTranscripts)('%s: every message stays when the file grows', (name) => {
      const location = join(realTranscriptsDir, name)
      const text = readFileSync(location, 'utf8')
      const messagesOf = (part: string) =>
        parseConversations({ format: 'claude-code', text: part, location }).flatMap(({ messages }) =>
          // An answer that is still being written has used less so far.
          messages.map(({ metadata, ...message }) => ({ ...message, metadata: { ...metadata, usage: null } })),
        )
      const all = messagesOf(text)
      for (let share = 0.2; share < 1; share += 0.02) {
        const before = messagesOf(text.slice(0, text.length * share))
        expect(all.slice(0, before.length)).toEqual(before)
      }
    })

    it.each(realTranscripts)('%s: exported for OpenAI, imported and exported again, it is the same', async (name) => {
      const location = join(realTranscriptsDir, name)
      const once = await exported('claude-code', readFileSync(location, 'utf8'), location)
      expect(await exported('openai', once, location)).toBe(once)
    })
  },
)

async function exported(format: ImportFormat, text: string, location: string): Promise<string> {
  const messages = parseConversations({ format, text, location }).flatMap(({ messages }) => messages)
  const history = messages.map(({ key, role, content, metadata }, index) => ({
    v: 1,
    stamp: index + 1,
    sequence: index + 1,
    id: key,
    session_id: 'ses_1',
    timestamp: '2026-01-15T10:00:00.000Z',
    role,
    content,
    ...(metadata !== undefined && { metadata }),
  }))
  let line = ''
  for await (const piece of exportOpenAi(history)) line += piece
  return line
}
