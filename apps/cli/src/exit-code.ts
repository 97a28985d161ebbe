import type { ErrorCode } from '@arawn/core/error'

/** What the exit code of `arawn` says; docs/cli.md explains each. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  tryAgain: 5,
  storage: 6,
  problemsFound: 7,
} as const

export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  INVALID_INPUT: EXIT.usage,
  INVALID_WORKSTREAM_ID: EXIT.usage,
  WORKSTREAM_NOT_FOUND: EXIT.notFound,
  WORKSTREAM_AMBIGUOUS: EXIT.conflict,
  WORKSTREAM_EXISTS: EXIT.conflict,
  WORKSTREAM_ARCHIVED: EXIT.conflict,
  STATE_CHANGE_REFUSED: EXIT.conflict,
  WORKSTREAMS_DISABLED: EXIT.conflict,
  SESSION_NOT_FOUND: EXIT.notFound,
  SESSION_NOT_ACTIVE: EXIT.conflict,
  MESSAGE_NOT_FOUND: EXIT.notFound,
  NOTHING_TO_PROMOTE: EXIT.conflict,
  IDEMPOTENCY_KEY_REUSED: EXIT.conflict,
  LOCK_TIMEOUT: EXIT.tryAgain,
  LOG_LINE_TOO_LONG: EXIT.usage,
  LOG_FULL: EXIT.storage,
  LOG_WRITE_FAILED: EXIT.storage,
  LOG_APPEND_UNCERTAIN: EXIT.storage,
  LOG_READ_FAILED: EXIT.storage,
  DATA_DIR_UNUSABLE: EXIT.storage,
  INDEX_REBUILDING: EXIT.tryAgain,
  INDEX_UNUSABLE: EXIT.storage,
  CONFIG_INVALID: EXIT.usage,
  IMPORT_UNREADABLE: EXIT.usage,
  EXPORT_TARGET_EXISTS: EXIT.conflict,
  RESTORE_CONFLICT: EXIT.conflict,
  CLOSED: EXIT.internal,
  INTERNAL: EXIT.internal,
}
