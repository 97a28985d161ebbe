import { nearestNames } from '@arawn/core/nearest'
import { settings } from '../setting.js'

const keys = settings.map(({ key }) => key)

/** What a key that nobody knows may have meant: one in another table, or a typo in either part. */
export function nearestKey(key: string, name: string): string | null {
  const elsewhere = keys.find((candidate) => lastPart(candidate) === name)
  if (elsewhere !== undefined) return elsewhere
  const [nearest] = nearestNames(key, keys)
  if (nearest !== undefined) return nearest
  const [nearestName] = nearestNames(name, keys.map(lastPart))
  return keys.find((candidate) => lastPart(candidate) === nearestName) ?? null
}

export function nearestTable(key: string): string | null {
  const tables = keys
    .filter((candidate) => candidate.includes('.'))
    .map((candidate) => candidate.replace(/\.[^.]*$/, ''))
  const [nearest] = nearestNames(key, tables)
  return nearest ?? null
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}
