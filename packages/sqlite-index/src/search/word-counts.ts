import { endianness } from 'node:os'
import type { Database } from 'better-sqlite3'

/** So many sequences share a row: a message that is added rewrites no more than that. */
export const BLOCK = 400

interface CountsRow {
  readonly number: number
  readonly block: number
  readonly counts: Buffer
}

/**
 * @param numbers of workstreams, as a JSON array
 * @returns by workstream and sequence, the first one at 0, up to the last one before `before` that can be found
 */
export function readWordCounts(client: Database, numbers: string, before: number): Map<number, Uint16Array> {
  const rows = client
    .prepare<unknown[], CountsRow>(
      `SELECT c.number, c.block, c.counts FROM json_each(?) AS wanted
         CROSS JOIN search_word_counts AS c ON c.number = wanted.value AND c.block * ? < ?
         ORDER BY c.number, c.block`,
    )
    .all(numbers, BLOCK, before - 1)
  const read = new Map<number, Uint16Array>()
  let first = 0
  for (const [at, last] of rows.entries()) {
    if (rows[at + 1]?.number === last.number) continue
    const length = Math.min(before - 1, last.block * BLOCK + last.counts.byteLength / 2)
    read.set(last.number, decode(rows.slice(first, at + 1), length))
    first = at + 1
  }
  return read
}

/** As they were written: little-endian. */
function decode(rows: readonly CountsRow[], length: number): Uint16Array {
  const counts = Buffer.alloc(2 * length)
  for (const { block, counts: ofBlock } of rows) ofBlock.copy(counts, 2 * block * BLOCK)
  if (endianness() === 'BE') counts.swap16()
  return new Uint16Array(counts.buffer, counts.byteOffset, length)
}
