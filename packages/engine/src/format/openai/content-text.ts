import { isJsonObject, type Json } from '../json-value.js'

/** What a person reads of an OpenAI `content`: a string, a list of parts, or nothing. */
export function contentText(content: Json | undefined): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map(partText).join('\n')
}

function partText(part: Json): string {
  if (typeof part === 'string') return part
  if (!isJsonObject(part)) return ''
  if (typeof part.text === 'string') return part.text
  if (typeof part.refusal === 'string') return part.refusal
  const { type } = part
  if (type === 'image_url') return '[image]'
  if (type === 'input_audio') return '[audio]'
  return typeof type === 'string' ? `[${type}]` : ''
}
