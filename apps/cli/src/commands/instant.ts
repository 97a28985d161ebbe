import { badOption } from './options.js'

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const

/** A time that somebody typed, as an ISO 8601 instant: a date, a time of a day, or how long ago. UTC if no zone is given. */
export function instant(name: string, text: string, nowMs: number): string {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text)
  const unit = ago?.[2] as keyof typeof UNIT_MS | undefined
  const ms = ago !== null && unit !== undefined ? nowMs - Number(ago[1]) * UNIT_MS[unit] : timeOf(text)
  if (!Number.isFinite(ms) || Math.abs(ms) > LATEST_MS) throw badOption(name, 'takes a time, such as 2026-01-15 or 7d')
  return new Date(ms).toISOString()
}

function timeOf(text: string): number {
  const time = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  if (time === null) return Number.NaN
  const [, date, clock = '00:00', zone = 'Z'] = time
  // Date.parse makes 2 March of 30 February.
  if (!isDay(date)) return Number.NaN
  return Date.parse(`${date}T${clock}${zone}`)
}

function isDay(date = ''): boolean {
  const ms = Date.parse(`${date}T00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(date)
}

const LATEST_MS = Date.UTC(9999, 11, 31)
