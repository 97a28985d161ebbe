import { createHash } from 'node:crypto'

/** Tells a log from another one by its last line: 16 hex digits of SHA-256. */
export function lineHash(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 16)
}
