import { isJsonObject, type Json, stringOf } from '../json-value.js'

/** The text of a tool's result: a string, or blocks of which those that are no text are named: `[image]`. */
export function resultText(content: Json | undefined): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return content == null ? '' : JSON.stringify(content)
  return content.map(blockText).join('\n')
}

function blockText(block: Json): string {
  if (typeof block === 'string') return block
  if (!isJsonObject(block)) return ''
  return stringOf(block.text) ?? `[${stringOf(block.type) ?? 'unknown'}]`
}
