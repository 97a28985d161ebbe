import type { Message, Role } from '@arawn/core/message'
import { type Json, type JsonObject, sameJson, storableJson } from '../json-value.js'

/**
 * One of our messages as a part of OpenAI's. There an assistant's text and the tools it calls are one message; here
 * they are a message each.
 */
export interface MessagePart {
  readonly role: Role
  readonly content: string
  readonly author?: string | undefined
  /** `tool_call_id`, `tool_name`, `arguments`. */
  readonly tool?: JsonObject | undefined
}

export function partOf({ role, content, author, metadata }: Message): MessagePart {
  const tool: JsonObject = {}
  for (const field of TOOL_FIELDS) {
    const value: Json | undefined = metadata?.[field]
    if (value !== undefined) tool[field] = storableJson(value)
  }
  return { role, content: content.toWellFormed(), author: author?.toWellFormed(), tool }
}

/** Whether a part would go into the same OpenAI message as the part before it. */
export function continuesMessage(previous: MessagePart | undefined, part: MessagePart): boolean {
  if (previous === undefined || part.role !== 'tool_use' || part.author !== previous.author) return false
  return previous.role === 'assistant' || previous.role === 'tool_use'
}

export function sameParts(a: readonly MessagePart[], b: readonly MessagePart[]): boolean {
  return a.length === b.length && a.every((part, index) => samePart(part, b[index]))
}

function samePart(a: MessagePart, b: MessagePart | undefined): boolean {
  return (
    b !== undefined &&
    a.role === b.role &&
    a.content === b.content &&
    a.author === b.author &&
    TOOL_FIELDS.every((field) => sameJson(a.tool?.[field], b.tool?.[field]))
  )
}

const TOOL_FIELDS = ['tool_call_id', 'tool_name', 'arguments']
