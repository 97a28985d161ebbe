import type { Stamp } from '@arawn/core/stamp'

/**
 * When a message was said, in milliseconds since 1970; when it was written, if that cannot be told. Of what search does for
 * a message beside its tokens, `Date.parse` would take more than all the rest.
 */
export function saidMs({ timestamp }: { timestamp: string }, { stamp }: { stamp: Stamp }): number {
  const ms = epochMs(timestamp)
  return Number.isFinite(ms) ? ms : Math.floor(stamp / 1000)
}

function epochMs(timestamp: string): number {
  if (timestamp.length !== PLAIN.length || !timestamp.endsWith('Z')) return Math.trunc(Date.parse(timestamp))
  if (!timestamp.startsWith(lastDay)) {
    lastDay = timestamp.slice(0, 'yyyy-mm-dd'.length)
    lastDayMs = Date.parse(lastDay)
  }
  const minutes = 60 * digits(timestamp, 11, 2) + digits(timestamp, 14, 2)
  return lastDayMs + 60_000 * minutes + 1_000 * digits(timestamp, 17, 2) + digits(timestamp, 20, 3)
}

// As we write them ourselves.
const PLAIN = '2026-01-15T10:00:00.000Z'
let lastDay = PLAIN.slice(0, 10)
let lastDayMs = Date.parse(lastDay)

function digits(text: string, at: number, count: number): number {
  let number = 0
  for (let index = at; index < at + count; index++) number = 10 * number + text.charCodeAt(index) - 0x30
  return number
}
