import { isJsonObject, type Json, type JsonObject, parseJson, stringOf } from '../json-value.js'
import { authorIn } from './author-name.js'
import { contentText } from './content-text.js'
import type { MessagePart } from './message-part.js'

/** OpenAI message -> our messages. Undefined when its role is none that we know. A function of the message alone. */
export function splitMessage(message: JsonObject): MessagePart[] | undefined {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ role: 'system', content: contentText(message.content), ...authorOf(message) }]
    case 'user':
      return [userPart(message)]
    case 'assistant':
      return assistantParts(message)
    case 'tool':
    case 'function':
      return [resultPart(message)]
    default:
      return undefined
  }
}

function authorOf({ name }: JsonObject): { author?: string } {
  const author = typeof name === 'string' ? authorIn(name).author : undefined
  return author === undefined ? {} : { author }
}

function userPart(message: JsonObject): MessagePart {
  const isPush = typeof message.name === 'string' && authorIn(message.name).isPush
  return { role: isPush ? 'agent_push' : 'user', content: contentText(message.content), ...authorOf(message) }
}

function assistantParts(message: JsonObject): MessagePart[] {
  const author = authorOf(message)
  const text = contentText(message.content) || stringOf(message.refusal) || ''
  const calls = toolCalls(message).map((call) => callPart(call, author))
  return text === '' && calls.length > 0 ? calls : [{ role: 'assistant', content: text, ...author }, ...calls]
}

/** `function_call` is how one call was written before there were several. */
function toolCalls({ tool_calls: calls, function_call: call }: JsonObject): JsonObject[] {
  if (Array.isArray(calls) && calls.length > 0) return calls.filter(isJsonObject)
  return isJsonObject(call) ? [{ function: call }] : []
}

function callPart(call: JsonObject, author: { author?: string }): MessagePart {
  const called = [call.function, call.custom].find(isJsonObject) ?? {}
  const given = called.arguments ?? called.input
  const id = stringOf(call.id)
  const name = stringOf(called.name)
  return {
    role: 'tool_use',
    content: given === undefined ? '' : typeof given === 'string' ? given : JSON.stringify(given),
    ...author,
    tool: {
      ...(id !== undefined && id !== '' && { tool_call_id: id }),
      ...(name !== undefined && { tool_name: name }),
      ...(given !== undefined && { arguments: argumentsOf(given) }),
    },
  }
}

/** A model writes them, so they need not be JSON. */
function argumentsOf(given: Json): Json {
  return typeof given === 'string' ? (parseJson(given) ?? given) : given
}

function resultPart(message: JsonObject): MessagePart {
  const id = stringOf(message.tool_call_id)
  const name = stringOf(message.name)
  return {
    role: 'tool_result',
    content: contentText(message.content),
    tool: {
      ...(id !== undefined && id !== '' && { tool_call_id: id }),
      ...(name !== undefined && { tool_name: name }),
    },
  }
}
