import { nearestNames } from '@arawn/core/nearest'
import { z } from 'zod'
import { configInvalid, type Place } from '../file/config-invalid.js'
import type { Setting, SettingValue } from '../setting.js'
import { valueOfText } from './value-of-text.js'

/** The value if it fits its setting. @throws CONFIG_INVALID says what is expected, in which unit */
export function checkValue(setting: Setting, value: unknown, place: Place): SettingValue {
  const { success, data } = setting.schema.safeParse(value)
  if (success) return data
  const unit = setting.unit === undefined ? '' : `, in ${setting.unit}`
  throw configInvalid(place, `${shown(value)} is not ${setting.expects}${unit}`, meant(setting, value))
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

/** `"5"` for a number, or a word that is nearly one of those that are allowed. */
function meant(setting: Setting, value: unknown): string | null {
  if (typeof value !== 'string') return null
  const unquoted = valueOfText(setting, value)
  if (unquoted !== value) return String(unquoted)
  const words = setting.schema instanceof z.ZodEnum ? setting.schema.options.map(String) : []
  const [nearest] = nearestNames(value, words)
  return nearest === undefined ? null : JSON.stringify(nearest)
}
