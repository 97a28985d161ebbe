import { type AsciiText, END, OTHER } from './ascii-text.js'
import { KIND, kindOf } from './character-kind.js'

/** Runs of ASCII, the first `count` of them, that are looked up together. */
export interface FoundRuns {
  readonly froms: Int32Array
  readonly lengths: Int32Array
  count: number
}

export const RUNS_AT_ONCE = 128

export function createFoundRuns(): FoundRuns {
  return { froms: new Int32Array(RUNS_AT_ONCE), lengths: new Int32Array(RUNS_AT_ONCE), count: 0 }
}

/** As if only this one had been found. */
export function setOnly(runs: FoundRuns, from: number, to: number): void {
  runs.froms[0] = from
  runs.lengths[0] = to - from
  runs.count = 1
}

export interface FoundRunsVisitor {
  /** Some runs were found; afterwards there is room for others. */
  found(): void
  /**
   * Something begins here that takes more than a look at bytes, or a run that is longer than wanted.
   *
   * @returns where it ends
   */
  other(from: number): number
}

/** Cuts a text as `scanRuns` does, only faster where it is ASCII. */
export function findRuns(
  { bytes }: AsciiText,
  runs: FoundRuns,
  longest: number,
  { found, other }: FoundRunsVisitor,
): void {
  const { froms, lengths } = runs
  const kinds = byteKinds
  const { letter, connector, other: otherKind, end } = BYTE
  let count = 0
  function passOn(): void {
    runs.count = count
    count = 0
    if (runs.count > 0) found()
  }
  for (let at = 0; ; ) {
    const from = at
    let kind = kinds[bytes[at] as number] as number
    if (kind === end) break
    if (kind === letter) {
      do {
        do kind = kinds[bytes[++at] as number] as number
        while (kind === letter)
        if (kind === connector) kind = kinds[bytes[at + 1] as number] as number
        else break
        if (kind === letter) at++
      } while (kind === letter)
      if (kind !== otherKind && at - from <= longest) {
        froms[count] = from
        lengths[count] = at - from
        if (++count === RUNS_AT_ONCE) passOn()
        continue
      }
    } else if (kind !== otherKind) {
      at++
      continue
    }
    passOn()
    at = other(from)
  }
  passOn()
}

const BYTE = { ...KIND, other: 4, end: 5 } as const
const byteKinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === END) return BYTE.end
  return byte < OTHER ? kindOf(byte) : BYTE.other
})
