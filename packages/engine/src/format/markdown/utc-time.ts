import { inlineText } from './inline-text.js'

/** `2026-03-10 12:00:05 UTC`; a text that is no time stays as it is. */
export function utcTime(timestamp: string): string {
  const { date, time } = partsOf(timestamp)
  return time === '' ? date : `${date} ${time} UTC`
}

/** `2026-03-10 12:00 to 13:30 UTC`, with both days when they differ; `since …` without an end. */
export function utcTimeSpan(start: string, end: string | null): string {
  const from = partsOf(start)
  const begin = `${from.date} ${minute(from.time)}`.trim()
  if (end === null) return `since ${begin} UTC`
  const to = partsOf(end)
  return `${begin} to ${from.date === to.date ? '' : `${to.date} `}${minute(to.time)} UTC`
}

function partsOf(timestamp: string): { date: string; time: string } {
  const ms = Date.parse(timestamp)
  if (Number.isNaN(ms)) return { date: inlineText(timestamp), time: '' }
  const [date = '', time = ''] = new Date(ms).toISOString().split('T')
  return { date, time: time.slice(0, 8) }
}

function minute(time: string): string {
  return time.slice(0, 5)
}
