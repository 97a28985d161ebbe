import * as z from 'zod'
import type { ErrorCode } from './error.js'

/**
 * What kind of failure a code is, for those who do not know the code.
 *
 * - `invalid`: what was asked for cannot be meant
 * - `conflict`: it cannot be done as things are now
 * - `try_again`: the same again, a little later, may succeed
 */
export const errorKindSchema = z.enum([
  'invalid',
  'refused',
  'not_found',
  'conflict',
  'try_again',
  'storage',
  'model',
  'internal',
])
export type ErrorKind = z.infer<typeof errorKindSchema>

export interface ErrorOutcome {
  readonly kind: ErrorKind
  /** Of an answer over HTTP. */
  readonly status: number
  /** Whether the same call may succeed when it is made again. */
  readonly retryable: boolean
}

/** What each error is to those outside: the exit code of the command line comes from `kind`, an HTTP answer has them all. */
export const errorOutcomes: Readonly<Record<ErrorCode, ErrorOutcome>> = {
  INVALID_INPUT: always('invalid', 422),
  INVALID_WORKSTREAM_ID: always('invalid', 422),
  WORKSTREAM_NOT_FOUND: always('not_found', 404),
  WORKSTREAM_AMBIGUOUS: always('conflict', 409),
  WORKSTREAM_EXISTS: always('conflict', 409),
  WORKSTREAM_ARCHIVED: always('conflict', 409),
  STATE_CHANGE_REFUSED: always('conflict', 409),
  WORKSTREAMS_DISABLED: always('conflict', 404),
  SESSION_NOT_FOUND: always('not_found', 404),
  SESSION_NOT_ACTIVE: always('conflict', 409),
  MESSAGE_NOT_FOUND: always('not_found', 404),
  NOTHING_TO_PROMOTE: always('conflict', 409),
  IDEMPOTENCY_KEY_REUSED: always('conflict', 422),
  TRASH_ENTRY_NOT_FOUND: always('not_found', 404),
  TRASH_ENTRY_AMBIGUOUS: always('conflict', 409),
  TORN_TAIL_NOT_FOUND: always('not_found', 404),
  LOCK_TIMEOUT: passing('try_again', 503),
  LOG_LINE_TOO_LONG: always('invalid', 413),
  LOG_FULL: always('storage', 507),
  LOG_WRITE_FAILED: always('storage', 500),
  LOG_APPEND_UNCERTAIN: always('storage', 500),
  LOG_READ_FAILED: always('storage', 500),
  DATA_DIR_UNUSABLE: always('storage', 500),
  INDEX_REBUILDING: passing('try_again', 503),
  INDEX_UNUSABLE: always('storage', 500),
  CONFIG_INVALID: always('invalid', 500),
  IMPORT_UNREADABLE: always('invalid', 422),
  EXPORT_TARGET_EXISTS: always('conflict', 409),
  RESTORE_CONFLICT: always('conflict', 409),
  MODEL_PROFILE_UNKNOWN: always('invalid', 422),
  MODEL_KEY_MISSING: always('invalid', 422),
  MODEL_AUTH: always('model', 502),
  MODEL_NOT_FOUND: always('model', 502),
  MODEL_OVERFLOW: always('model', 413),
  MODEL_RATE_LIMITED: passing('try_again', 429),
  MODEL_UNREACHABLE: passing('model', 502),
  MODEL_FAILED: passing('model', 502),
  MODEL_REFUSED: always('model', 422),
  MODEL_ABORTED: always('model', 409),
  CONTEXT_TOO_LARGE: always('invalid', 413),
  WORKSTREAM_BUSY: passing('try_again', 409),
  TURN_OVER: always('conflict', 409),
  HISTORY_DIVERGED: always('conflict', 409),
  TURN_NOT_FOUND: always('not_found', 404),
  UNAUTHORIZED: always('refused', 401),
  ORIGIN_REFUSED: always('refused', 403),
  ROUTE_NOT_FOUND: always('not_found', 404),
  REQUEST_UNREADABLE: always('invalid', 400),
  BODY_TOO_LARGE: always('invalid', 413),
  RATE_LIMITED: passing('try_again', 429),
  PRECONDITION_FAILED: always('conflict', 412),
  SERVER_UNREACHABLE: passing('try_again', 502),
  SERVER_ANSWER_UNREADABLE: always('internal', 502),
  CLOSED: passing('internal', 503),
  INTERNAL: always('internal', 500),
}

function always(kind: ErrorKind, status: number): ErrorOutcome {
  return { kind, status, retryable: false }
}

function passing(kind: ErrorKind, status: number): ErrorOutcome {
  return { kind, status, retryable: true }
}
