import type { ImportedMessage } from '@arawn/core/import-source'
import { roleSchema } from '@arawn/core/message'
import type { ImportedConversation } from '../imported-conversation.js'
import { titleOf } from '../title-of.js'
import { instantOf } from './instant.js'
import type { JsonLine } from './json-lines.js'
import { isJsonObject, type JsonObject, stringOf } from './json-value.js'
import type { Skips } from './skips.js'
import { textHash } from './text-hash.js'

/**
 * One message a line: `{"role","content","timestamp"}`, and when there is more to say `id`, `author`, `metadata`.
 * The file is the conversation.
 */
export function readPlainLines(lines: readonly JsonLine[], location: string, skips: Skips): ImportedConversation[] {
  const messages: ImportedMessage[] = []
  const keys = new Set<string>()
  for (const { number, object } of lines) {
    const message = messageOf(number, object, skips)
    if (message === undefined) continue
    if (keys.has(message.key)) skips.add('repeated')
    else messages.push(message)
    keys.add(message.key)
  }
  const title = titleOf(messages.find(({ role, content }) => role === 'user' && content.trim() !== '')?.content)
  return [{ source: { format: 'jsonl', conversation_id: location }, title, messages, skipped: {} }]
}

function messageOf(line: number, object: JsonObject, skips: Skips): ImportedMessage | undefined {
  const { role, content, metadata } = object
  if (typeof role !== 'string' || typeof content !== 'string') {
    skips.badLine(line, 'has no "role" and "content" that are strings')
    return undefined
  }
  const known = roleSchema.safeParse(role)
  if (!known.success) {
    skips.add('unknown_role')
    return undefined
  }
  const id = stringOf(object.id)
  const timestamp = instantOf(object.timestamp)
  const author = stringOf(object.author)?.trim().slice(0, MAX_AUTHOR)
  return {
    key: id !== undefined && id !== '' && id.length <= MAX_ID ? id : `${line}:${textHash(`${role}\n${content}`)}`,
    role: known.data,
    content,
    ...(timestamp !== undefined && { timestamp }),
    ...(author !== undefined && author !== '' && { author }),
    ...(isJsonObject(metadata) && { metadata }),
  }
}

// What a record takes; a longer id is named like a line without one.
const MAX_ID = 200
const MAX_AUTHOR = 200
