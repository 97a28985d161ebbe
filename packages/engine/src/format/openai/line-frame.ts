import { fitsDepth } from '@arawn/core/json'
import { isJsonObject, type Json, MAX_JSON_DEPTH } from '../json-value.js'
import { restoreFields } from './source-fields.js'

/** What stands before and after the messages of a line: with `tools` in the source, those too. */
export interface LineFrame {
  readonly before: string
  readonly after: string
}

/** @param fields those of the source, where there are more than `messages` */
export function lineFrame(fields: Json | undefined): LineFrame {
  const line = holdsMessages(fields) ? restoreFields(fields, { messages: [] }) : undefined
  const entries = Object.entries(line !== undefined && fitsDepth(line, MAX_JSON_DEPTH) ? line : { messages: [] })
  const at = entries.findIndex(([name]) => name === 'messages')
  const texts = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const [before, after] = [texts.slice(0, at), texts.slice(at + 1)]
  return {
    before: `{${before.map((text) => `${text},`).join('')}"messages":[`,
    after: `]${after.map((text) => `,${text}`).join('')}}`,
  }
}

function holdsMessages(fields: Json | undefined): boolean {
  if (!Array.isArray(fields)) return false
  return fields.includes('messages') && !fields.some((field) => isJsonObject(field) && Object.hasOwn(field, 'messages'))
}
