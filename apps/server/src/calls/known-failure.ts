import { WorkstreamError } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'
import type { FastifyError, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** Why a request failed, in our terms. */
export interface Failure {
  readonly failure: WorkstreamError
  readonly status: number
}

/** What nobody expected, as it is told outside: that it happened. */
export function knownFailure(error: unknown): WorkstreamError {
  return error instanceof WorkstreamError && error.code !== 'INTERNAL' ? error : unexpected()
}

export function failedRequest(error: unknown, request: FastifyRequest): Failure {
  if (error instanceof WorkstreamError) {
    const failure = knownFailure(error)
    return { failure, status: errorOutcomes[failure.code].status }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error)
  const fastify = fastifyFailure(error as Partial<FastifyError>, request)
  return fastify ?? { failure: unexpected(), status: 500 }
}

/** A body can be read and still be wrong; what is wrong with an address cannot be meant at all. */
function invalidRequest(error: Parameters<typeof pathOf>[0]): Failure {
  const path = pathOf(error)
  const problem = error.validation[0]?.message ?? error.message
  const failure = new WorkstreamError('INVALID_INPUT', path === '' ? problem : `${path}: ${problem}`, { path, problem })
  return { failure, status: error.validationContext === 'body' ? 422 : 400 }
}

interface Validation {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[]
  readonly validationContext?: string | undefined
  readonly message: string
}

/** `/tags/2` is `tags.2`. */
function pathOf({ validation }: Validation): string {
  return (validation[0]?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.')
}

function fastifyFailure(
  { code, statusCode = 500 }: Partial<FastifyError>,
  request: FastifyRequest,
): Failure | undefined {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const { bodyLimit: limitBytes } = request.routeOptions
    const message = `a request may be ${limitBytes} bytes large`
    return { failure: new WorkstreamError('BODY_TOO_LARGE', message, { limitBytes }), status: 413 }
  }
  if (statusCode >= 500) return undefined
  const problem = UNREADABLE[code ?? ''] ?? 'the request cannot be read'
  return { failure: new WorkstreamError('REQUEST_UNREADABLE', problem, { problem }), status: statusCode }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is no JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the body has another content type than application/json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as Content-Length says',
  FST_ERR_BAD_URL: 'the address cannot be read',
  FST_ERR_MAX_PARAM_LENGTH: 'a part of the address is too long',
}

function unexpected(): WorkstreamError<'INTERNAL'> {
  const problem = 'something unexpected happened'
  return new WorkstreamError('INTERNAL', problem, { problem })
}

/** How long it is wise to wait before asking again. */
export function waitOf({ code, details }: WorkstreamError): number | undefined {
  if ('retryAfterMs' in details && details.retryAfterMs !== null) return details.retryAfterMs
  return code === 'LOCK_TIMEOUT' || code === 'INDEX_REBUILDING' ? 1_000 : undefined
}
