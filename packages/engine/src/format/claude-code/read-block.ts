import type { Role } from '@arawn/core/message'
import { isJsonObject, type Json, type JsonObject, stringOf } from '../json-value.js'
import { resultText } from './block-text.js'

/** What a block of `message.content` is to us. */
export type ReadBlock =
  | { readonly kind: 'message'; readonly role: Role; readonly content: string; readonly metadata: JsonObject }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'skipped'; readonly what: string }

/** @param toolNames of the calls so far, by id; a call adds its own */
export function readBlock(block: Json, speaker: 'user' | 'assistant', toolNames: Map<string, string>): ReadBlock {
  const type = isJsonObject(block) ? stringOf(block.type) : undefined
  if (!isJsonObject(block) || type === undefined) return { kind: 'skipped', what: 'invalid_block' }
  if (type === 'text') return textBlock(stringOf(block.text) ?? '', speaker)
  if (type === 'thinking') return thinkingBlock(stringOf(block.thinking) ?? '')
  // Tools that run at the provider have types of their own: server_tool_use, web_search_tool_result, …
  if (type.endsWith('tool_use')) return callBlock(block, toolNames)
  if (type.endsWith('tool_result')) return resultBlock(block, toolNames)
  if (type === 'image' || type === 'document')
    return { kind: 'message', role: speaker, content: `[${type}]`, metadata: {} }
  return { kind: 'skipped', what: type }
}

/** Models put "\n\n" before they think. It says nothing, and providers refuse it when it is sent back to them. */
function textBlock(text: string, speaker: 'user' | 'assistant'): ReadBlock {
  if (text.trim() === '') return { kind: 'skipped', what: 'blank_text' }
  return { kind: 'message', role: speaker, content: text, metadata: {} }
}

function thinkingBlock(text: string): ReadBlock {
  return text.trim() === '' ? { kind: 'skipped', what: 'thinking' } : { kind: 'thinking', text }
}

function callBlock(block: JsonObject, toolNames: Map<string, string>): ReadBlock {
  const id = stringOf(block.id)
  const name = stringOf(block.name)
  const input = block.input ?? {}
  if (id !== undefined && name !== undefined) toolNames.set(id, name)
  const metadata = {
    ...(id !== undefined && { tool_call_id: id }),
    ...(name !== undefined && { tool_name: name }),
    arguments: input,
  }
  return { kind: 'message', role: 'tool_use', content: JSON.stringify(input), metadata }
}

function resultBlock(block: JsonObject, toolNames: ReadonlyMap<string, string>): ReadBlock {
  const id = stringOf(block.tool_use_id)
  const name = id === undefined ? undefined : toolNames.get(id)
  const metadata = {
    ...(id !== undefined && { tool_call_id: id }),
    ...(name !== undefined && { tool_name: name }),
    is_error: block.is_error === true,
  }
  return { kind: 'message', role: 'tool_result', content: resultText(block.content), metadata }
}
