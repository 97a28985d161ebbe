import type { ImportedMessage } from '@arawn/core/import-source'
import type { Message, Metadata } from '@arawn/core/message'
import { expect } from 'vitest'
import { exportOpenAi } from '../../src/export-openai.js'
import { parseConversations } from '../../src/import-format.js'

export type Said = Pick<Message, 'role' | 'content'> & { author?: string | undefined; metadata?: Metadata | undefined }

export function history(said: readonly Said[]): Message[] {
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
export function stored(messages: readonly ImportedMessage[]): Message[] {
  return history(
    messages.map(({ role, content, author, metadata, key }) => ({
      role,
      content,
      author,
      metadata: { ...metadata, source: { conversation_id: '/a.jsonl#1', key } },
    })),
  )
}

export async function exported(messages: readonly Message[]): Promise<string> {
  let text = ''
  for await (const piece of exportOpenAi(messages)) text += piece
  return text
}

export function imported(text: string): ImportedMessage[] {
  const conversations = parseConversations({ format: 'openai', text, location: '/a.jsonl' })
  expect(conversations).toHaveLength(1)
  return conversations.flatMap(({ messages }) => messages)
}
