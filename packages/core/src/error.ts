import type { ErrorDetails } from './error/error-details.js'

export type { ErrorDetails }
export type ErrorCode = keyof ErrorDetails

/** The one error type of all packages: a code to branch on, facts to act on, a sentence to read. */
export class WorkstreamError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'WorkstreamError'

  constructor(
    readonly code: Code,
    message: string,
    readonly details: ErrorDetails[Code],
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** Narrows any caught value to a `WorkstreamError` of one code. */
export function hasCode<Code extends ErrorCode>(error: unknown, code: Code): error is WorkstreamError<Code> {
  return error instanceof WorkstreamError && error.code === code
}

/** The `errno` name of a failed system call, such as `ENOSPC`; `UNKNOWN` when there is none. */
export function errnoOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'UNKNOWN'
}
