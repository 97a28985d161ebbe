import { fitsDepth } from '@arawn/core/json'
import type { Metadata } from '@arawn/core/message'

/**
 * JSON as other tools write it, made fit to be kept.
 *
 * JSON.parse lets three things through that a log cannot hold: halves of surrogate pairs (a cut emoji in a tool's
 * output), numbers beyond a double (`1e400` becomes Infinity), and nesting so deep that writing it overflows the stack.
 */

export type Json = Metadata[string]
export type JsonObject = Metadata

/** Real files stay below 30 levels; checking and writing a value takes several stack frames a level. */
export const MAX_JSON_DEPTH = 200

/** Undefined when the text is no JSON or nested too deep. */
export function parseJson(text: string): Json | undefined {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return fitsDepth(value, MAX_JSON_DEPTH) ? storableJson(value) : undefined
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The same value, or a copy without what a log cannot hold. */
export function storableJson(value: Json): Json {
  return isStorable(value) ? value : stored(value)
}

function isStorable(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorable)
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isStorable(inner))
}

function stored(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(stored)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), stored(inner)]))
}
