/** Where the time comes from. Given as an argument so that decisions stay repeatable. */
export interface Clock {
  /** Milliseconds since 1970; may have a fraction, may jump either way. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/** The form of every time in a record: UTC, milliseconds, `2026-01-15T10:00:00.000Z`. */
export function timestampOf(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
