import type { Database } from 'better-sqlite3'
import { quotedTokens } from './match-text.js'
import { type PackedSequences, packedSequences, unpackedSequences } from './packed-sequences.js'
import { createReadNumbers } from './read-numbers.js'

/** Which messages of one workstream have a token. */
export interface TokenLists {
  /**
   * @param workstream its number, and how far its messages can be found now
   * @returns the newest first, of those below `before`; undefined when they are more than `limit`
   */
  read(workstream: SearchedWorkstream, token: string, before: number, limit: number): Uint32Array | undefined
  /** The newest first, at most `limit`. */
  newest(workstream: SearchedWorkstream, token: string, before: number, limit: number): Uint32Array
}

export interface SearchedWorkstream {
  readonly number: number
  readonly searched: number
}

// FTS5 walks the list of a token backwards, and stops at the limit. As one text, `9,7,2`: a row for each takes a third longer,
// and many times the memory. With a limit, an aggregate sees the rows in their order.
const SEQUENCES_WITH = `SELECT group_concat(sequence) FROM (
  SELECT rowid & 4294967295 AS sequence FROM search_tokens
  WHERE search_tokens MATCH ? AND rowid BETWEEN (? << 32) + ? AND ((? << 32) + ?) ORDER BY rowid DESC LIMIT ?)`

interface List {
  readonly packed: PackedSequences
  /** None is missing up to here. */
  readonly upTo: number
}

const MOST_BYTES = 2_000_000
// What a list takes besides: most words that are asked for stand in few messages or in none.
const BYTES_A_LIST = 200
const MOST_COMMON = 10_000

/**
 * Keeps what it has read: a conversation asks for the same words again and again. What is known of a token stays true for as
 * long as the workstream has its number, and no number is given twice; messages that are added come in front. Who writes keeps
 * nothing: what was not committed yet may be taken back.
 */
export function createTokenLists(client: Database): TokenLists {
  const readNumbers = createReadNumbers()
  const select = client.prepare<unknown[], string | null>(SEQUENCES_WITH).pluck()
  // The one that was used last stands last.
  const lists = new Map<string, List>()
  let kept = 0
  /** More than `limit` messages below `before` have it: to find that out takes as long as to read them. */
  const common = new Map<string, { readonly before: number; readonly limit: number }>()

  /** Of sequences behind `after` up to `last`, the newest first, so many in front of `older`. */
  function readBetween(
    number: number,
    token: string,
    { after, last, limit }: { after: number; last: number; limit: number },
    older: Uint32Array,
  ): Uint32Array {
    const newer = select.get(quotedTokens([token]), number, after + 1, number, last, limit) ?? ''
    return readNumbers(newer, older)
  }

  function forget(key: string): void {
    const known = lists.get(key)
    if (known === undefined) return
    kept -= sizeOf(known)
    lists.delete(key)
  }

  function keep(key: string, list: List): void {
    forget(key)
    lists.set(key, list)
    kept += sizeOf(list)
    for (const oldest of lists.keys()) {
      if (kept <= MOST_BYTES) return
      forget(oldest)
    }
  }

  function keepCommon(key: string, before: number, limit: number): void {
    forget(key)
    if (common.size >= MOST_COMMON) common.clear()
    common.set(key, { before, limit })
  }

  return {
    read({ number, searched }, token, before, limit) {
      const key = `${number} ${token}`
      const known = common.get(key)
      if (known !== undefined && known.before <= before && known.limit >= limit) return undefined
      let list = lists.get(key) ?? NOTHING
      let all = unpackedSequences(list.packed)
      const last = Math.min(before - 1, searched)
      if (list.upTo < last) {
        const more = readBetween(number, token, { after: list.upTo, last, limit: limit + 1 }, all)
        list = { packed: more.length > all.length ? packedSequences(more) : list.packed, upTo: last }
        all = more
      }
      const sequences = below(all, before)
      const isCommon = sequences.length > limit
      if (client.readonly) {
        if (isCommon) keepCommon(key, before, limit)
        else keep(key, list)
      }
      return isCommon ? undefined : sequences
    },
    newest: ({ number }, token, before, limit) =>
      readBetween(number, token, { after: 0, last: before - 1, limit }, NONE),
  }
}

const NONE = new Uint32Array()
const NOTHING: List = { packed: packedSequences(NONE), upTo: 0 }

function sizeOf({ packed }: List): number {
  return BYTES_A_LIST + packed.bytes.length
}

/** @param sequences descending */
function below(sequences: Uint32Array, before: number): Uint32Array {
  let [low, high] = [0, sequences.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sequences[middle] as number) >= before) low = middle + 1
    else high = middle
  }
  return low === 0 ? sequences : sequences.subarray(low)
}
