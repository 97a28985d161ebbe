/**
 * Days that a question names: `8 May 2023`, `May 8th`, `2023-05-08`, `in May`, `2023`, `yesterday`, `last week`,
 * `three days ago`. All in UTC, as dates are shown to a model.
 */

import { MOST_CHARACTERS, questionEnds } from './question.js'

/** Days since 1970, both included. Undefined for a year that was not said. */
interface NamedDay {
  readonly year: number | undefined
  /** 0 to 11; undefined when only a year was said. */
  readonly month: number | undefined
  readonly day: number | undefined
}

/** How well a time fits what a question says of time, 0 to 1. */
export type DateMatch = (saidMs: number) => number

const DAY_MS = 86_400_000
// A pasted log names hundreds of days, and each session is compared with every one. From its beginning and its end so many.
const MOST_DAYS = 32
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}|\\.)?`).join('|')}|sept\\.?)`
const ISO = /\b(\d{4})-(\d{2})(?:-(\d{2}))?\b/g
const IN_WORDS = new RegExp(
  `\\b(?:(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?)?\\b${MONTH}(?![a-z])(?:\\s+(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:]))?(?:,?\\s+(?:of\\s+)?(\\d{4}))?`,
  'g',
)
const YEAR = /\b(19\d\d|20\d\d)\b/g
const COUNTS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const AGO = new RegExp(`\\b(\\d{1,3}|an?|${COUNTS.join('|')})\\s+(day|week|month|year)s?\\s+ago\\b`, 'g')
const UNIT_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 }

/** @returns undefined when it names no time */
export function dateMatchOf(question: string, nowMs: number): DateMatch | undefined {
  const asked = questionEnds(question, MOST_CHARACTERS)
  const text = asked.toLowerCase()
  const days = endsOf(namedDays(text, asked.includes('March')))
  const spans = endsOf(spansBefore(text, Math.floor(nowMs / DAY_MS)))
  if (days.length === 0 && spans.length === 0) return undefined
  const fitOfDay = (day: number) => {
    const ofSpans = spans.map(([first, last]) => (first <= day && day <= last ? 1 : 0))
    return Math.max(0, ...ofSpans, ...days.map((named) => fitOf(named, day)))
  }
  // Sessions of a day follow one another.
  let known = { day: Number.NaN, fit: 0 }
  return (saidMs) => {
    const day = Math.floor(saidMs / DAY_MS)
    if (day !== known.day) known = { day, fit: fitOfDay(day) }
    return known.fit
  }
}

function endsOf<Days>(days: readonly Days[]): readonly Days[] {
  return days.length <= 2 * MOST_DAYS ? days : [...days.slice(0, MOST_DAYS), ...days.slice(-MOST_DAYS)]
}

function namedDays(text: string, isMarchMonth: boolean): NamedDay[] {
  const found: NamedDay[] = []
  for (const [, year, month, day] of text.matchAll(ISO))
    found.push({ year: Number(year), month: Number(month) - 1, day: day === undefined ? undefined : Number(day) })
  for (const [, before, month = '', behind, year] of text.matchAll(IN_WORDS)) {
    const day = before ?? behind
    const isBare = day === undefined && year === undefined
    // Most often these are no months.
    if (isBare && (/^(?:may|mar|sep|dec|jan)$/.test(month) || (month === 'march' && !isMarchMonth))) continue
    found.push({
      year: year === undefined ? undefined : Number(year),
      month: MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3))),
      day: day === undefined ? undefined : Number(day),
    })
  }
  if (found.length > 0) return found
  return [...text.matchAll(YEAR)].map(([year]) => ({ year: Number(year), month: undefined, day: undefined }))
}

/** First and last day, since 1970. */
function spansBefore(text: string, today: number): [number, number][] {
  const spans: [number, number][] = []
  if (/\btoday\b/.test(text)) spans.push([today, today])
  if (/\byesterday\b|\blast night\b/.test(text)) spans.push([today - 1, today - 1])
  if (/\blast week\b/.test(text)) spans.push([today - 13, today - 4])
  if (/\blast month\b/.test(text)) spans.push([today - 61, today - 15])
  for (const [, count = '', unit = ''] of text.matchAll(AGO)) {
    const days = (Number(count) || Math.max(1, COUNTS.indexOf(count))) * (UNIT_DAYS[unit] ?? 1)
    const slack = Math.floor(days / 5)
    spans.push([today - days - slack, today - days + slack])
  }
  return spans
}

/** People talk about a day on that day and in the two weeks behind it. */
function fitOf({ year, month, day }: NamedDay, saidDay: number): number {
  const said = new Date(saidDay * DAY_MS)
  const saidYear = said.getUTCFullYear()
  if (month === undefined) return saidYear === year ? 0.3 : 0
  const years = year === undefined ? [saidYear, saidYear - 1] : [year]
  return Math.max(...years.map((one) => fitOfYear(one, month, day, said)))
}

function fitOfYear(year: number, month: number, day: number | undefined, said: Date): number {
  const monthsLater = (said.getUTCFullYear() - year) * 12 + said.getUTCMonth() - month
  if (day === undefined) return monthsLater === 0 ? 1 : monthsLater === 1 && said.getUTCDate() <= 15 ? 0.5 : 0
  const later = Math.floor(said.getTime() / DAY_MS) - Date.UTC(year, month, day) / DAY_MS
  if (later >= -1 && later <= 14) return 1 - Math.abs(later) / 20
  return monthsLater === 0 ? 0.5 : 0
}
