import type { Coverage } from '@arawn/core/coverage'

// More of them would take the line away from what it is about.
const MOST_RANGES = 3

/** Which messages, by their numbers: `1-40, 44-90`; of many ranges the first and the last. */
export function coverageText(coverage: Coverage): string {
  const ranges = coverage.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
  if (ranges.length <= MOST_RANGES) return ranges.join(', ')
  return [...ranges.slice(0, MOST_RANGES - 1), '…', ...ranges.slice(-1)].join(', ')
}

/** How many messages. */
export function coverageSize(coverage: Coverage): number {
  return coverage.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}
