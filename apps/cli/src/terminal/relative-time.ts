const UNITS = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** How long ago, in the largest unit that fits: `2 hours ago`; `just now` under a minute. */
export function relativeTime(timestamp: string, nowMs: number): string {
  const passed = nowMs - Date.parse(timestamp)
  for (const [unit, ms] of UNITS) if (Math.abs(passed) >= ms) return format.format(-Math.trunc(passed / ms), unit)
  return 'just now'
}
