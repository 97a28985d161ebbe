import { randomUUID } from 'node:crypto'
import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod'
import { answerError } from './calls/answer-error.js'
import { registerRoutes } from './calls/register-routes.js'
import { registerDocuments } from './documents/register-documents.js'
import { registerObservation } from './observation/register-observation.js'
import { dataHandlers } from './routes/data-handlers.js'
import { maintenanceHandlers } from './routes/maintenance-handlers.js'
import { memoryHandlers } from './routes/memory-handlers.js'
import { messageHandlers } from './routes/message-handlers.js'
import { sessionHandlers } from './routes/session-handlers.js'
import { transferHandlers } from './routes/transfer-handlers.js'
import { trashHandlers } from './routes/trash-handlers.js'
import { turnHandlers } from './routes/turn-handlers.js'
import { workstreamHandlers } from './routes/workstream-handlers.js'
import { createGuard, type GuardSettings } from './safety/guard.js'

export interface AppParts {
  readonly manager: WorkstreamManager
  readonly models: LanguageModels
  readonly guard: GuardSettings
  readonly maxBodyBytes: number
  /** Of one address; 0: no limit. */
  readonly requestsPerMinute: number
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly logger: Logger
  /** Ends streams: the server stops. */
  readonly closing: AbortSignal
}

/** The server without its socket. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { manager, models, log, logger, closing } = parts
  const app = Fastify({
    loggerInstance: log,
    // Each request is told of in one line, when it is over.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: parts.maxBodyBytes,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    // What fails before there is a route, such as an address that cannot be read.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 500 },
    http: { maxHeaderSize: MAX_HEADER_BYTES },
  })
  const guard = createGuard(parts.guard)
  app.setValidatorCompiler(validatorCompiler)
  // Answers are made of what the manager has checked: they are written as they are.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => {
    const { method } = request
    const path = pathOf(request.url)
    return answerError(
      new WorkstreamError('ROUTE_NOT_FOUND', `there is no ${method} ${path}`, { method, path }),
      request,
      reply,
    )
  })
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    if (OPEN.has(pathOf(request.url))) return
    const { method, headers } = request
    const { authorization, host, origin } = headers
    guard.check({ method, authorization, host, origin })
  })
  // It speaks plain HTTP: whoever puts TLS before it says so there.
  const csp = { directives: { upgradeInsecureRequests: null } }
  await app.register(helmet, { contentSecurityPolicy: csp, strictTransportSecurity: false })
  if (parts.requestsPerMinute > 0)
    await app.register(rateLimit, {
      max: parts.requestsPerMinute,
      timeWindow: 60_000,
      errorResponseBuilder: (_request, { ttl }) =>
        new WorkstreamError('RATE_LIMITED', `too many requests; wait ${Math.ceil(ttl / 1_000)} s`, {
          retryAfterMs: ttl,
        }),
    })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Arawn workstreams',
        version: parts.version,
        description: 'Conversations that outlive the process.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  })
  registerObservation(app, manager)
  registerDocuments(app)
  registerRoutes(
    app,
    {
      ...workstreamHandlers(manager),
      ...messageHandlers(manager),
      ...sessionHandlers(manager),
      ...memoryHandlers(manager, logger),
      ...dataHandlers(manager, models),
      ...turnHandlers(manager),
      ...transferHandlers(manager),
      ...trashHandlers(manager),
      ...maintenanceHandlers(manager),
    },
    closing,
  )
  return app
}

/** Asked by those that watch over processes, who know no token. They say nothing of what is kept. */
const OPEN = new Set(['/healthz', '/readyz'])

// From the first byte of a request to its last.
const REQUEST_MS = 60_000
const MAX_HEADER_BYTES = 16 * 1_024

/** Without the query, which may hold what somebody said. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
