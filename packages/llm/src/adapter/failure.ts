import { APICallError, InvalidResponseDataError } from '@ai-sdk/provider'
import { WorkstreamError } from '@arawn/core/error'
import { AnswerCut, AnswerUnreadable } from './events-of-parts.js'
import { networkErrno } from './network-errno.js'
import { type ProviderWords, wordsOfBody, wordsOfValue } from './provider-words.js'
import { retryAfterMs } from './retry-after.js'
import { ProviderSilent, RequestStopped } from './watched-parts.js'

/** Of which model a failure is told, and what must not stand in it. */
export interface FailureFacts {
  readonly profile: string
  readonly model: string
  readonly windowTokens: number
  readonly idleTimeoutMs: number
  /** Leaves keys out of a text. */
  readonly redact: (text: string) => string
}

export interface Failure {
  readonly error: WorkstreamError
  /** Whether the same request may succeed soon. */
  readonly isPassing: boolean
  /** What the provider asks for. */
  readonly retryAfterMs: number | null
}

// fetch has limits of its own, five minutes.
const SILENCE = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']
const PASSING_STATUS = [500, 502, 503, 529]

/**
 * What a failed call means. No error of the SDK is kept as a cause: they hold the whole conversation, and may hold what
 * a provider repeats of the key.
 */
export function failureOf(error: unknown, facts: FailureFacts): Failure {
  const { profile } = facts
  if (error instanceof RequestStopped)
    return lasting(new WorkstreamError('MODEL_ABORTED', `${profile}: the call was stopped`, { profile }))
  if (error instanceof ProviderSilent)
    return lasting(unreachable(facts, 'IDLE_TIMEOUT', `nothing came for ${facts.idleTimeoutMs / 1000} s`))
  if (error instanceof AnswerCut || isMissingEnd(error))
    return passing(unreachable(facts, 'UNEXPECTED_END', 'the answer was cut before its end'))
  if (error instanceof AnswerUnreadable) return lasting(failed(facts, null, error.message))
  // A connection that breaks in the middle has the status of its beginning, 200.
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 300)
    return refusal(error.statusCode, wordsOfBody(error.responseBody, error.message), facts, error.responseHeaders)
  const errno = networkErrno(error)
  if (errno !== null && SILENCE.includes(errno))
    return lasting(unreachable(facts, 'IDLE_TIMEOUT', 'nothing came in time'))
  if (errno !== null) return passing(unreachable(facts, errno, `no connection (${errno})`))
  const words = wordsOfValue(error)
  if (words !== null) return refusal(words.status ?? 500, words, facts, undefined)
  return lasting(failed(facts, null, 'it sent something that is not of its format'))
}

function refusal(
  status: number,
  words: ProviderWords,
  facts: FailureFacts,
  headers: Record<string, string> | undefined,
): Failure {
  const { profile, model, windowTokens } = facts
  const problem = facts.redact(words.message).slice(0, 500)
  const waitMs = retryAfterMs(headers)
  const is = (...names: string[]) => names.some((name) => name === words.code || name === words.type)

  if (is('insufficient_quota', 'billing_error') || status === 402) return lasting(refused(facts, status, problem))
  if (status === 429 || is('rate_limit_exceeded', 'rate_limit_error')) {
    const details = { profile, retryAfterMs: waitMs }
    return passing(new WorkstreamError('MODEL_RATE_LIMITED', `${profile}: the provider asks to wait`, details), waitMs)
  }
  if (status === 401 || status === 403) {
    const what = `${profile}: the provider refuses the key (${status}): ${problem}`
    return lasting(new WorkstreamError('MODEL_AUTH', what, { profile, status }))
  }
  if (is('model_not_found') || (status === 404 && words.isJson)) {
    const what = `${profile}: the provider has no model ${model}`
    return lasting(new WorkstreamError('MODEL_NOT_FOUND', what, { profile, model }))
  }
  if (saysOverflow(status, words)) {
    const what = `${profile}: what was sent does not fit into the window of ${model}`
    return lasting(new WorkstreamError('MODEL_OVERFLOW', what, { profile, model, windowTokens }))
  }
  if (status === 404) return lasting(failed(facts, status, `there is nothing at this address (${problem})`))
  if (status >= 400 && status < 500 && status !== 408) return lasting(refused(facts, status, problem))
  const failure = failed(facts, status, problem)
  return PASSING_STATUS.includes(status) ? passing(failure, waitMs) : lasting(failure)
}

/** Anthropic gives no code of its own, servers of local models their own words. */
function saysOverflow(status: number, { code, type, message }: ProviderWords): boolean {
  if ([code, type].some((name) => name === 'context_length_exceeded' || name === 'exceed_context_size_error'))
    return true
  if (status === 413) return true
  if (status !== 400 && status !== 422 && status !== 500) return false
  return /prompt is too long|maximum context length|exceeds? (the )?(available |model'?s )?context|exceed context limit|context (window|length|size) (is )?exceeded|too many tokens in (the )?prompt/i.test(
    message,
  )
}

/** The one of the SDK's errors that says that a stream was over too early. */
function isMissingEnd(error: unknown): boolean {
  return InvalidResponseDataError.isInstance(error) && error.data === undefined
}

function failed({ profile }: FailureFacts, status: number | null, problem: string): WorkstreamError {
  const of = status === null ? '' : ` (${status})`
  return new WorkstreamError('MODEL_FAILED', `${profile}: the provider failed${of}: ${problem}`, {
    profile,
    status,
    problem,
  })
}

function refused({ profile }: FailureFacts, status: number, problem: string): WorkstreamError {
  const what = `${profile}: the provider refuses the request (${status}): ${problem}`
  return new WorkstreamError('MODEL_REFUSED', what, { profile, status, problem })
}

function unreachable({ profile }: FailureFacts, errno: string, what: string): WorkstreamError {
  return new WorkstreamError('MODEL_UNREACHABLE', `${profile}: ${what}`, { profile, errno })
}

function passing(error: WorkstreamError, waitMs: number | null = null): Failure {
  return { error, isPassing: true, retryAfterMs: waitMs }
}

function lasting(error: WorkstreamError): Failure {
  return { error, isPassing: false, retryAfterMs: null }
}
