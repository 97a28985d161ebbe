import { nearestNames } from '@arawn/core/nearest'
import * as z from 'zod'
import { configInvalid, type Place } from '../file/config-invalid.js'
import type { SettingValue, ValueFacts } from '../setting.js'
import { valueOfText } from './value-of-text.js'

/** The value if it fits its setting. @throws CONFIG_INVALID says what is expected, in which unit */
export function checkValue(facts: ValueFacts, value: unknown, place: Place): SettingValue {
  const { success, data } = facts.schema.safeParse(value)
  if (success) return data
  const unit = facts.unit === undefined ? '' : `, in ${facts.unit}`
  if (facts.isPrivate === true) throw configInvalid(place, `what is there is not ${facts.expects}${unit}`)
  throw configInvalid(place, `${shown(value)} is not ${facts.expects}${unit}`, meant(facts, value))
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

/** `"5"` for a number, or a word that is nearly one of those that are allowed. */
function meant(facts: ValueFacts, value: unknown): string | null {
  if (typeof value !== 'string') return null
  const unquoted = valueOfText(facts, value)
  if (unquoted !== value) return String(unquoted)
  const words = facts.schema instanceof z.ZodEnum ? facts.schema.options.map(String) : []
  const [nearest] = nearestNames(value, words)
  return nearest === undefined ? null : JSON.stringify(nearest)
}
