import { type ErrorCode, WorkstreamError } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'
import type { Turn } from '@arawn/core/turn'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { failedRequest, waitOf } from '../calls/known-failure.js'

export const openAiErrorSchema = z.object({
  error: z.object({
    message: z.string(),
    /** `invalid_request_error`, `rate_limit_error` or `server_error`. */
    type: z.string(),
    param: z.string().nullable(),
    /** OpenAI's name of it where there is one; else ours (docs/errors.md), in small letters. */
    code: z.string(),
  }),
})
export type OpenAiError = z.infer<typeof openAiErrorSchema>

/** A turn that did not end well: it is on disk, with what came of it. */
export class TurnFailed extends Error {
  constructor(readonly turn: Turn) {
    super(turn.error_message ?? `the turn was ${turn.status}`)
  }
}

/** Where errors have OpenAI's form. */
export function isOpenAiPath(url: string): boolean {
  return /^\/v1(?:[/?]|$)/.test(url)
}

export function answerOpenAiError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, answer, mayRetry, waitMs } = openAiFailure(error, request)
  if (status >= 500) request.log.error({ code: answer.error.code, err: error }, 'a request failed')
  if (waitMs !== undefined) void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)))
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  // Their clients ask again by themselves, also where that is of no use.
  void reply.header('x-should-retry', String(mayRetry))
  return reply.status(status).type('application/json; charset=utf-8').send(answer)
}

/** What went wrong, as OpenAI would put it. */
export function openAiFailure(
  error: unknown,
  request: FastifyRequest,
): { status: number; answer: OpenAiError; mayRetry: boolean; waitMs?: number | undefined } {
  if (error instanceof TurnFailed) {
    const code = codeOfTurn(error.turn)
    // The message is stored: asking again would say it twice.
    return { status: statusOf(code), answer: answerOf(code, error.message, null), mayRetry: false }
  }
  const { failure, status } = failedRequest(error, request)
  const { code, message, details } = failure
  const param = code === 'INVALID_INPUT' && 'path' in details ? String(details.path) : null
  return {
    status: statusOf(code, status),
    answer: answerOf(code, message, param),
    mayRetry: errorOutcomes[code].retryable,
    waitMs: waitOf(failure),
  }
}

function codeOfTurn({ status, error }: Turn): ErrorCode {
  if (status === 'cancelled') return 'MODEL_ABORTED'
  if (status === 'interrupted') return 'CLOSED'
  return error !== null && error in errorOutcomes ? (error as ErrorCode) : 'INTERNAL'
}

function statusOf(code: ErrorCode, status = errorOutcomes[code].status): number {
  if (code === 'MODEL_PROFILE_UNKNOWN') return 404
  if (code === 'MODEL_OVERFLOW' || code === 'CONTEXT_TOO_LARGE') return 400
  // They have no 422 for this.
  return status === 422 ? 400 : status
}

function answerOf(code: ErrorCode, message: string, param: string | null): OpenAiError {
  const status = statusOf(code)
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message, type, param, code: OPENAI_CODES[code] ?? code.toLowerCase() } }
}

/** Codes that their clients may look at. */
const OPENAI_CODES: Partial<Readonly<Record<ErrorCode, string>>> = {
  UNAUTHORIZED: 'invalid_api_key',
  MODEL_PROFILE_UNKNOWN: 'model_not_found',
  MODEL_OVERFLOW: 'context_length_exceeded',
  CONTEXT_TOO_LARGE: 'context_length_exceeded',
  RATE_LIMITED: 'rate_limit_exceeded',
  MODEL_RATE_LIMITED: 'rate_limit_exceeded',
}

export function invalidRequest(path: string, problem: string): WorkstreamError<'INVALID_INPUT'> {
  return new WorkstreamError('INVALID_INPUT', `${path}: ${problem}`, { path, problem })
}
