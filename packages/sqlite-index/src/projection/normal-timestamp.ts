import { timestampOf } from '@arawn/core/clock'

/** UTC with milliseconds, so that times compare as text. Our own records have that form already. */
export function normalTimestamp(timestamp: string): string {
  return timestamp.length === 24 && timestamp.endsWith('Z') ? timestamp : timestampOf(Date.parse(timestamp))
}
