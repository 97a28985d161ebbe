import { nearestNames } from '@arawn/core/nearest'
import { settings } from '../setting.js'
import { PROFILES } from './profiles-in-file.js'

const keys = settings.map(({ key }) => key)

/** What a name that nobody knows may have meant: something of its own table, else of any. */
export function nearestKey(name: string, table: string): string | null {
  const beside = keys.filter((key) => key === `${table}.${lastPart(key)}`)
  const [nearestBeside] = nearestNames(name, beside.map(lastPart))
  if (nearestBeside !== undefined) return `${table}.${nearestBeside}`
  const [nearestName] = nearestNames(name, keys.map(lastPart))
  const [nearest] = nearestNames(name, keys)
  return keys.find((key) => lastPart(key) === nearestName) ?? nearest ?? null
}

export function nearestTable(name: string): string | null {
  const tables = keys.filter((key) => key.includes('.')).map((key) => key.slice(0, key.lastIndexOf('.')))
  const [nearest] = nearestNames(name, [...tables, PROFILES])
  return nearest ?? null
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
