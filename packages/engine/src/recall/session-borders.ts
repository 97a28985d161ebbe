import type { RecallShape } from '@arawn/core/recall'

/** Sessions as ranges of places; a place is a sequence less one. */
export interface SessionBorders {
  readonly count: number
  /** The first place of each session, and behind the last one the number of places. */
  readonly starts: Int32Array
}

export function sessionBorders({ wordCounts, sessionStarts }: RecallShape): SessionBorders {
  const { sequences } = sessionStarts
  const starts = new Int32Array(sequences.length + 1)
  for (let session = 0; session < sequences.length; session++) starts[session] = (sequences[session] as number) - 1
  starts[sequences.length] = wordCounts.length
  return { count: sequences.length, starts }
}

/** The session of a place; 0 for what stands before the first. */
export function sessionAt({ count, starts }: SessionBorders, place: number): number {
  let [low, high] = [0, count - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= place) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Visits places with their sessions.
 *
 * @param sequences descending
 */
export function walkSessions(
  { count, starts }: SessionBorders,
  sequences: ArrayLike<number>,
  visit: (place: number, session: number) => void,
): void {
  let session = count - 1
  for (let n = 0; n < sequences.length; n++) {
    const place = (sequences[n] as number) - 1
    while (session >= 0 && (starts[session] as number) > place) session--
    if (session < 0) return
    visit(place, session)
  }
}
