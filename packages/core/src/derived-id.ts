import { type IdPrefix, idFromBytes, type WorkstreamId } from './id.js'

/**
 * The id of something that was written without one: a hash of where it stands (FNV-1a, 128 bits).
 * The same line of the same log has the same id in every index.
 */
export function derivedId(prefix: IdPrefix, workstreamId: WorkstreamId, sequence: number): string {
  return idFromBytes(prefix, fnv1a128(`${prefix}:${workstreamId}:${sequence}`))
}

// http://www.isthe.com/chongo/tech/comp/fnv/: the 128-bit parameters of FNV-1a.
const OFFSET_BASIS = 0x6c62272e07bb014262b821756295c58dn
const PRIME = 0x0000000001000000000000000000013bn
const MASK = (1n << 128n) - 1n

function fnv1a128(text: string): Uint8Array {
  let hash = OFFSET_BASIS
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK
  const bytes = new Uint8Array(16)
  for (let i = 15; i >= 0; i--, hash >>= 8n) bytes[i] = Number(hash & 0xffn)
  return bytes
}
