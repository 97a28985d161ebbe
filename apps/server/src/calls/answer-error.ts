import type { ErrorCode, WorkstreamError } from '@arawn/core/error'
import type { ErrorAnswer } from '@arawn/core/error-answer'
import { errorOutcomes } from '@arawn/core/error-outcome'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerOpenAiError, isOpenAiPath } from '../openai/openai-error.js'
import { failedRequest, waitOf } from './known-failure.js'

/** Answers a request that failed. What nobody expected is told to the log, and to the client only that it happened. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isOpenAiPath(request.url)) return answerOpenAiError(error, request, reply)
  const { failure, status } = failedRequest(error, request)
  if (status >= 500) request.log.error({ code: failure.code, err: error }, 'a request failed')
  const wait = waitOf(failure)
  if (wait !== undefined) void reply.header('retry-after', String(Math.ceil(wait / 1_000)))
  if (failure.code === 'UNAUTHORIZED') void reply.header('www-authenticate', 'Bearer')
  return reply.status(status).type('application/json; charset=utf-8').send(errorAnswer(failure, request.id))
}

/** What a client is told of a failure that is known. */
export function errorAnswer(failure: WorkstreamError, requestId: string): ErrorAnswer {
  const { kind, retryable } = errorOutcomes[failure.code]
  return {
    error: {
      type: kind,
      code: failure.code,
      message: failure.message,
      param: 'path' in failure.details && failure.code === 'INVALID_INPUT' ? String(failure.details.path) : null,
      request_id: requestId,
      retryable,
      details: failure.code === 'INTERNAL' ? {} : hideLocalPaths(failure),
    },
  }
}

/** Where files lie on the server is nobody's business. */
function hideLocalPaths({ code, details }: WorkstreamError): Record<string, unknown> {
  if (NOT_LOCAL.has(code) || !('path' in details)) return { ...details }
  const { path: _, ...shown } = details
  return shown
}

// What these name as a path is a field of the request, or its address.
const NOT_LOCAL: ReadonlySet<ErrorCode> = new Set(['INVALID_INPUT', 'ROUTE_NOT_FOUND'])
