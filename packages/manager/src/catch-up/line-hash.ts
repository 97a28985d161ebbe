import { hash } from 'node:crypto'

/** Tells a log from another one by its last line: 16 hex digits of SHA-256. */
export function lineHash(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex').slice(0, 16)
}
