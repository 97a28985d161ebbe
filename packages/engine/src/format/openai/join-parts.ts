import { type Json, type JsonObject, parseJson, sameJson, stringOf } from '../json-value.js'
import { nameOf } from './author-name.js'
import type { MessagePart } from './message-part.js'

/**
 * Our messages -> the OpenAI message that they make.
 *
 * @param parts one, or an assistant's text and tool calls (see `continuesMessage`)
 * @param callIdOf the call's id of a tool_use or tool_result
 */
export function joinParts(parts: readonly MessagePart[], callIdOf: (part: MessagePart) => string): JsonObject {
  const [first] = parts
  if (first === undefined) return {}
  const name = nameOf({ isPush: first.role === 'agent_push', author: first.author })
  const named = name === undefined ? {} : { name }
  switch (first.role) {
    case 'system':
      return { role: 'system', ...named, content: first.content }
    case 'user':
    case 'agent_push':
      return { role: 'user', ...named, content: first.content }
    case 'tool_result':
      return { role: 'tool', tool_call_id: callIdOf(first), content: first.content }
    case 'assistant':
    case 'tool_use': {
      const calls = parts.filter(({ role }) => role === 'tool_use')
      return {
        role: 'assistant',
        ...named,
        content: first.role === 'assistant' ? first.content : null,
        ...(calls.length > 0 && { tool_calls: calls.map((call) => toolCall(call, callIdOf(call))) }),
      }
    }
  }
}

function toolCall(call: MessagePart, id: string): Json {
  const name = stringOf(call.tool?.tool_name) ?? 'unknown_tool'
  return { id, type: 'function', function: { name, arguments: argumentsText(call) } }
}

/**
 * The content is the arguments as the model wrote them, unless it was written for people. It is taken where it means
 * the same, because OpenAI's arguments are a text, spaces and all.
 */
function argumentsText({ content, tool }: MessagePart): string {
  const given = tool?.arguments
  if (given === undefined) return content === '' ? '{}' : content
  if (given === content) return content
  const written = parseJson(content)
  return written !== undefined && sameJson(written, given) ? content : JSON.stringify(given)
}
