import type { Coverage } from '@arawn/core/coverage'

/** Ascending sequences as closed intervals. */
export function coverageOf(sequences: readonly number[]): Coverage {
  const coverage: Coverage = []
  for (const sequence of sequences) {
    const last = coverage.at(-1)
    if (last !== undefined && last[1] === sequence - 1) last[1] = sequence
    else coverage.push([sequence, sequence])
  }
  return coverage
}

export function covers(coverage: Coverage, sequence: number): boolean {
  return coverage.some(([first, last]) => first <= sequence && sequence <= last)
}

/** How many sequences it holds. */
export function coveredCount(coverage: Coverage): number {
  return coverage.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}
