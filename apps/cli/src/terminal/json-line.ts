import { escapeUnsafe } from './printable.js'

/** A record as one line of JSON. JSON itself leaves some characters as they are that a terminal obeys; the value is the same. */
export function jsonLine(value: unknown): string {
  return `${escapeUnsafe(JSON.stringify(value))}\n`
}
