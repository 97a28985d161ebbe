import { type ErrorCode, WorkstreamError } from '@arawn/core/error'
import { errorAnswerSchema } from '@arawn/core/error-answer'
import { errorOutcomes } from '@arawn/core/error-outcome'

/** The error that an answer tells of, as the server had it: code, message and details. */
export function readError(status: number, text: string, url: string): WorkstreamError {
  const parsed = errorAnswerSchema.safeParse(jsonOf(text))
  if (!parsed.success) return unreadable(url, status, 'it does not say what went wrong')
  const { code, message, details } = parsed.data.error
  if (!isKnown(code)) return unreadable(url, status, `${code}: ${message}`)
  // The server keeps to itself what is unexpected there.
  const facts = code === 'INTERNAL' ? { problem: message } : details
  return new WorkstreamError(code, message, facts as WorkstreamError['details'])
}

export function unreadable(url: string, status: number, problem: string): WorkstreamError<'SERVER_ANSWER_UNREADABLE'> {
  const message = `what answers at ${url} cannot be understood (${status}): ${problem}`
  return new WorkstreamError('SERVER_ANSWER_UNREADABLE', message, { url, status, problem })
}

export function unreachable(url: string, problem: string, cause?: unknown): WorkstreamError<'SERVER_UNREACHABLE'> {
  return new WorkstreamError(
    'SERVER_UNREACHABLE',
    `the server at ${url} cannot be reached: ${problem}`,
    { url, problem },
    { cause },
  )
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(errorOutcomes, code)
}
