import { fitsDepth } from '@arawn/core/json'
import type { Message } from '@arawn/core/message'
import {
  isJsonObject,
  type Json,
  type JsonObject,
  MAX_JSON_DEPTH,
  parseJson,
  storableJson,
} from '../format/json-value.js'

/**
 * The arguments of a call as an object, which is what providers take.
 *
 * Imports keep them in the content, too; lines written by hand often have them only there.
 */
export function argumentsOf({ content, metadata }: Message): JsonObject {
  const given = metadata?.arguments
  if (given === undefined || given === null) return content.trim() === '' ? {} : objectOf(content)
  return fitsDepth(given, MAX_JSON_DEPTH) ? objectOf(storableJson(given)) : { left_out: 'nested too deep' }
}

/** The same with every string in it changed by `change`. */
export function mapStrings(value: JsonObject, change: (text: string) => string): JsonObject {
  const inner = (entry: Json): Json => {
    if (typeof entry === 'string') return change(entry)
    if (Array.isArray(entry)) return entry.map(inner)
    return isJsonObject(entry) ? mapStrings(entry, change) : entry
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, inner(entry)]))
}

function objectOf(value: Json): JsonObject {
  if (isJsonObject(value)) return value
  if (typeof value !== 'string') return { input: value }
  const parsed = parseJson(value)
  return isJsonObject(parsed) ? parsed : { input: value.toWellFormed() }
}
