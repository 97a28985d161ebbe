import { isJsonObject, type Json, type JsonObject, sameJson } from '../json-value.js'

/**
 * How an object of the source differs from what we would write: its fields in their order, a name where the value is
 * the one that we write, `{name: value}` where it is another: `["role", {"content": ""}, "tool_calls"]`.
 */
export type SourceFields = Json[]

/** Undefined when there is no difference. */
export function sourceFields(source: JsonObject, ours: JsonObject): SourceFields | undefined {
  if (sameJson(source, ours)) return undefined
  return Object.entries(source).map(([name, value]) =>
    Object.hasOwn(ours, name) && sameJson(value, ours[name]) ? name : Object.fromEntries([[name, value]]),
  )
}

/** The object of the source again; undefined when the fields do not fit. */
export function restoreFields(fields: Json | undefined, ours: JsonObject): JsonObject | undefined {
  if (!Array.isArray(fields)) return undefined
  const entries: [string, Json][] = []
  for (const field of fields) {
    const same = typeof field === 'string' && Object.hasOwn(ours, field) ? ours[field] : undefined
    if (typeof field === 'string' && same !== undefined) entries.push([field, same])
    else if (isJsonObject(field)) entries.push(...Object.entries(field))
    else return undefined
  }
  return Object.fromEntries(entries)
}
