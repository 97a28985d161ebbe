/** Counts what is passed over, by what it is, and remembers the first line that could not be read. */
export interface Skips {
  add(what: string, count?: number): void
  /** A line that does not fit its format. */
  badLine(line: number, problem: string): void
  readonly firstBadLine: string | undefined
  counts(): Readonly<Record<string, number>>
}

export function createSkips(): Skips {
  const counts = new Map<string, number>()
  let firstBadLine: string | undefined
  const add = (what: string, count = 1): void => {
    counts.set(what, (counts.get(what) ?? 0) + count)
  }
  return {
    add,
    badLine: (line, problem) => {
      add('invalid_line')
      firstBadLine ??= `line ${line} ${problem}`
    },
    get firstBadLine() {
      return firstBadLine
    },
    counts: () => Object.fromEntries(counts),
  }
}
