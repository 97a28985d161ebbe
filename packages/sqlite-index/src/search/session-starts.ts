import type { SessionStarts } from '@arawn/core/recall'
import type { Database } from 'better-sqlite3'
import { forgetOldest } from './forget-oldest.js'

/**
 * Where sessions begin, by the number of their workstream.
 *
 * @returns those that begin before `before`
 */
export type ReadSessionStarts = (numbers: readonly number[], before: number) => Map<number, SessionStarts>

interface Known extends SessionStarts {
  /** The arrays are longer. */
  readonly count: number
}

// Of twelve bytes a session: as many as a million messages have that are said in sessions of six.
const MOST_BYTES = 2_000_000
const ROOM = 64

/**
 * Keeps what it has read, as numbers and not as rows: a million messages have thousands of sessions, and each question asks
 * for them. A session stays as it is for as long as its workstream has its number, and others begin behind it. Who writes
 * keeps nothing: what was not committed yet may be taken back.
 */
export function createReadSessionStarts(client: Database): ReadSessionStarts {
  // The one that was used last stands last.
  const kept = new Map<number, Known>()
  const select = client
    .prepare<unknown[], [number: number, sequence: number, saidMs: number]>(
      `SELECT s.number, s.sequence, s.said_ms FROM json_each(?) AS wanted
         CROSS JOIN search_sessions AS s ON s.number = wanted.value ->> 0 AND s.sequence > wanted.value ->> 1
         ORDER BY s.number, s.sequence`,
    )
    .raw()

  function readMore(numbers: readonly number[]): void {
    const wanted = numbers.map((number) => [number, lastOf(kept.get(number))])
    const rows = select.all(JSON.stringify(wanted))
    for (let from = 0; from < rows.length; ) {
      const number = rows[from]?.[0] as number
      let to = from + 1
      while (rows[to]?.[0] === number) to++
      kept.set(number, withMore(kept.get(number) ?? NONE, rows, from, to))
      from = to
    }
  }

  return (numbers, before) => {
    if (!client.readonly) kept.clear()
    readMore(numbers)
    const read = new Map<number, SessionStarts>()
    for (const number of numbers) {
      const known = kept.get(number)
      if (known === undefined) continue
      const count = countBefore(known, before)
      read.set(number, { sequences: known.sequences.subarray(0, count), saidMs: known.saidMs.subarray(0, count) })
      kept.delete(number)
      kept.set(number, known)
    }
    forgetOldest(kept, MOST_BYTES, ({ sequences, saidMs }) => sequences.byteLength + saidMs.byteLength)
    return read
  }
}

const NONE: Known = { sequences: new Uint32Array(), saidMs: new Float64Array(), count: 0 }

function lastOf(known: Known | undefined): number {
  return known === undefined ? 0 : (known.sequences[known.count - 1] ?? 0)
}

/** Who was given a part of what is known has nothing that changes. */
function withMore(
  { sequences, saidMs, count }: Known,
  rows: readonly (readonly [number: number, sequence: number, saidMs: number])[],
  from: number,
  to: number,
): Known {
  const all = count + to - from
  const hasRoom = all <= sequences.length
  const more = hasRoom
    ? { sequences, saidMs, count: all }
    : { sequences: new Uint32Array(all + ROOM), saidMs: new Float64Array(all + ROOM), count: all }
  if (!hasRoom) {
    more.sequences.set(sequences)
    more.saidMs.set(saidMs)
  }
  rows.slice(from, to).forEach(([, sequence, said], index) => {
    more.sequences[count + index] = sequence
    more.saidMs[count + index] = said
  })
  return more
}

/** How many begin before a sequence. */
function countBefore({ sequences, count }: Known, before: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sequences[middle] as number) < before) low = middle + 1
    else high = middle
  }
  return low
}
