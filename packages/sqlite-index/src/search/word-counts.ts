import type { Database } from 'better-sqlite3'

/** So many sequences share a row: a message that is added rewrites no more than that. */
export const BLOCK = 400

/** @returns by sequence, the first one at 0, up to the last one before `before` that can be found */
export function readWordCounts(client: Database, number: number, before: number): Uint16Array {
  const blocks = client
    .prepare<unknown[], { block: number; counts: Buffer }>(
      'SELECT block, counts FROM search_word_counts WHERE number = ? AND block * ? < ? ORDER BY block',
    )
    .all(number, BLOCK, before - 1)
  const last = blocks.at(-1)
  const length = last === undefined ? 0 : Math.min(before - 1, last.block * BLOCK + last.counts.byteLength / 2)
  const counts = new Uint16Array(length)
  for (const { block, counts: bytes } of blocks) {
    const from = block * BLOCK
    const end = Math.min(length - from, bytes.byteLength / 2)
    for (let at = 0; at < end; at++)
      counts[from + at] = (bytes[2 * at] as number) | ((bytes[2 * at + 1] as number) << 8)
  }
  return counts
}
