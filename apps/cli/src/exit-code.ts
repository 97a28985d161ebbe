import type { ErrorCode } from '@arawn/core/error'
import { type ErrorKind, errorOutcomes } from '@arawn/core/error-outcome'

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
  model: 8,
} as const

const exitOf: Readonly<Record<ErrorKind, number>> = {
  invalid: EXIT.usage,
  refused: EXIT.usage,
  not_found: EXIT.notFound,
  conflict: EXIT.conflict,
  try_again: EXIT.tryAgain,
  storage: EXIT.storage,
  model: EXIT.model,
  internal: EXIT.internal,
}

export function exitCodeOf(code: ErrorCode): number {
  return exitOf[errorOutcomes[code].kind]
}
