import { endianness } from 'node:os'
import type { Database } from 'better-sqlite3'
import { forgetOldest } from './forget-oldest.js'

/** So many sequences share a row: a message that is added rewrites no more than that. */
export const BLOCK = 400

/**
 * How many words messages say, by the number of their workstream.
 *
 * @returns by sequence, the first one at 0, up to the last one before `before` that can be found
 */
export type ReadWordCounts = (numbers: readonly number[], before: number) => Map<number, Uint16Array>

interface Known {
  /** Longer than what is known. */
  counts: Uint16Array
  length: number
}

// Of a million messages it is a fifth.
const MOST_BYTES = 10_000_000

/**
 * Keeps what it has read: what is known of a message stays as it is for as long as its workstream has its number, and no
 * number is given twice. Who writes keeps nothing: what was not committed yet may be taken back.
 */
export function createReadWordCounts(client: Database): ReadWordCounts {
  // The one that was used last stands last.
  const kept = new Map<number, Known>()

  function readMore(numbers: readonly number[], before: number): void {
    const wanted = numbers
      .filter((number) => (kept.get(number)?.length ?? 0) < before - 1)
      .map((number) => [number, Math.floor((kept.get(number)?.length ?? 0) / BLOCK)])
    if (wanted.length === 0) return
    const rows = client
      .prepare<unknown[], { number: number; block: number; counts: Buffer }>(
        `SELECT c.number, c.block, c.counts FROM json_each(?) AS wanted
           CROSS JOIN search_word_counts AS c ON c.number = wanted.value ->> 0 AND c.block >= wanted.value ->> 1
           ORDER BY c.number, c.block DESC`,
      )
      .all(JSON.stringify(wanted))
    for (const { number, block, counts } of rows) add(number, block * BLOCK, counts)
  }

  function add(number: number, from: number, bytes: Buffer): void {
    const known = kept.get(number) ?? { counts: new Uint16Array(), length: 0 }
    const length = Math.max(known.length, from + bytes.byteLength / 2)
    if (length > known.counts.length) {
      const roomier = new Uint16Array(length + BLOCK)
      roomier.set(known.counts)
      known.counts = roomier
    }
    if (endianness() === 'BE') bytes.swap16()
    // Who was given a part of it has nothing that changes.
    bytes.copy(new Uint8Array(known.counts.buffer), 2 * from)
    known.length = length
    kept.set(number, known)
  }

  return (numbers, before) => {
    if (!client.readonly) kept.clear()
    readMore(numbers, before)
    const read = new Map<number, Uint16Array>()
    for (const number of numbers) {
      const known = kept.get(number)
      if (known === undefined) continue
      read.set(number, known.counts.subarray(0, Math.min(known.length, before - 1)))
      kept.delete(number)
      kept.set(number, known)
    }
    forgetOldest(kept, MOST_BYTES, ({ counts }) => counts.byteLength)
    return read
  }
}
