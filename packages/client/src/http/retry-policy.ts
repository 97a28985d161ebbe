import { hasCode, type WorkstreamError } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'

/** What came of one attempt. */
export interface Failure {
  readonly error: WorkstreamError
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined
  /** As the server asks for, milliseconds. */
  readonly retryAfterMs: number | undefined
  /** It took too long: once more would take as long again. */
  readonly isTimeout: boolean
}

/** How long to wait before a request is sent again; undefined: not at all. Only for what may be sent twice. */
export function pauseBefore(
  attempt: number,
  { error, status, retryAfterMs, isTimeout }: Failure,
  { retries, random }: { retries: number; random: () => number },
): number | undefined {
  if (attempt > retries || isTimeout) return undefined
  const isPassing = status === 429 || status === 503 || (status === undefined && hasCode(error, 'SERVER_UNREACHABLE'))
  if (!isPassing) return undefined
  if (retryAfterMs !== undefined && retryAfterMs > LONGEST_WAIT_MS) return undefined
  return retryAfterMs ?? backoffMs(attempt, random)
}

/** Twice as long each time, and never the same for many who wait for one server. @param attempt from 1 */
export function backoffMs(attempt: number, random: () => number): number {
  const most = Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS * 2 ** (attempt - 1))
  return most / 2 + (random() * most) / 2
}

/** Whether whoever follows a stream tries again, however often. */
export function isPassing(error: WorkstreamError): boolean {
  if (hasCode(error, 'SERVER_ANSWER_UNREADABLE')) return [502, 503, 504].includes(error.details.status)
  return errorOutcomes[error.code].retryable
}

const SHORTEST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5_000
// Nobody waits longer for an answer than this; it is told then when to come again.
const LONGEST_WAIT_MS = 60_000
