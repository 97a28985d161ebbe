/** How a call that failed before it said anything is tried again. */
export interface RetryPolicy {
  /** Calls in all. */
  readonly tries: number
  readonly firstDelayMs: number
  /** A provider that asks to wait longer is not waited for. */
  readonly maxDelayMs: number
}

// About six seconds in all: a person waits at the other end, and may ask again.
export const usualRetries: RetryPolicy = { tries: 4, firstDelayMs: 500, maxDelayMs: 20_000 }

/** Time and chance, so that tests need neither. */
export interface RetryTools {
  /** Resolves after a time, or at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** From 0 up to 1. */
  readonly random: () => number
}

/** @param failures how many calls failed so far @returns null when no other try is worth it */
export function delayBeforeNext(
  policy: RetryPolicy,
  failures: number,
  askedMs: number | null,
  random: () => number,
): number | null {
  if (failures >= policy.tries) return null
  if (askedMs !== null && askedMs > policy.maxDelayMs) return null
  const growing = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failures - 1))
  // Half of it by chance: many who were refused at once must not come back at once.
  return Math.max(askedMs ?? 0, growing / 2 + (random() * growing) / 2)
}
