import type { ImportedMessage } from '@arawn/core/import-source'
import type { ImportedConversation } from '../../imported-conversation.js'
import { titleOf } from '../../title-of.js'
import type { JsonLine } from '../json-lines.js'
import { isJsonObject, type Json, type JsonObject, stringOf } from '../json-value.js'
import { createSkips, type Skips } from '../skips.js'
import { textHash } from '../text-hash.js'
import { joinParts } from './join-parts.js'
import { continuesMessage, type MessagePart } from './message-part.js'
import { sourceFields } from './source-fields.js'
import { splitMessage } from './split-message.js'

/** Chat JSONL: one conversation a line, `{"messages":[{"role","content",…}]}`. It knows no ids and no times. */
export function readOpenAi(lines: readonly JsonLine[], location: string, skips: Skips): ImportedConversation[] {
  const conversations: ImportedConversation[] = []
  for (const { number, object } of lines) {
    if (Array.isArray(object.messages)) conversations.push(conversationOf(object, object.messages, location, number))
    else skips.badLine(number, 'has no list "messages"')
  }
  return conversations
}

function conversationOf(line: JsonObject, listed: readonly Json[], location: string, number: number) {
  const skips = createSkips()
  const messages: ImportedMessage[] = []
  const lineFields = sourceFields(line, { messages: line.messages ?? null })
  let previous: MessagePart | undefined
  for (const [index, message] of listed.entries()) {
    const parts = isJsonObject(message) ? splitMessage(message) : undefined
    if (!isJsonObject(message) || parts === undefined) {
      skips.add(isJsonObject(message) ? 'unknown_role' : 'invalid_message')
      continue
    }
    const fields = sourceFields(message, joinParts(parts, callIdAsRead))
    for (const [at, part] of parts.entries()) {
      const openai: JsonObject = {
        ...(at === 0 && fields !== undefined && { fields }),
        ...(at === 0 && continuesMessage(previous, part) && { begins: true }),
        ...(messages.length === 0 && lineFields !== undefined && { line: lineFields }),
      }
      messages.push(imported(part, at === 0 ? `${index}` : `${index}.${at}`, openai))
      previous = part
    }
  }
  const source = { format: 'openai', conversation_id: `${location}#${number}` }
  const title = titleOf(messages.find(({ role, content }) => role === 'user' && content.trim() !== '')?.content)
  return { source, title, messages, skipped: skips.counts() }
}

/** A message without an id differs from one that has the id we would make up. */
function callIdAsRead({ tool }: MessagePart): string {
  return stringOf(tool?.tool_call_id) ?? 'none'
}

function imported(part: MessagePart, place: string, openai: JsonObject): ImportedMessage {
  const { role, content, author, tool } = part
  const metadata = { ...tool, ...(Object.keys(openai).length > 0 && { openai }) }
  return {
    key: `${place}:${textHash(JSON.stringify([role, content, author ?? null, tool ?? null]))}`,
    role,
    content,
    ...(author !== undefined && { author }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}
