import { randomUUID } from 'node:crypto'
import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod'
import helmet from 'helmet'
import { answerError } from './calls/answer-error.js'
import { createAnswerMemory } from './calls/answer-memory.js'
import { registerRoutes } from './calls/register-routes.js'
import { closeUnusedConnections } from './calls/unused-connections.js'
import { registerDocuments } from './documents/register-documents.js'
import { createFeed } from './feed/feed.js'
import { registerMcp } from './mcp/register-mcp.js'
import { registerObservation } from './observation/register-observation.js'
import { registerOpenAi } from './openai/register-openai.js'
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
import { readBodies } from './safety/read-bodies.js'
import { refuseUnreadable } from './safety/refuse-unreadable.js'
import { refuseWorkstreams } from './safety/refuse-workstreams.js'
import { registerCors } from './safety/register-cors.js'
import { acceptSockets, isSocket, registerSocket, socketRequest } from './socket/register-socket.js'

export interface AppParts {
  readonly manager: WorkstreamManager
  readonly models: LanguageModels
  readonly guard: GuardSettings
  readonly maxBodyBytes: number
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number
  /** Of one address; 0: no limit. */
  readonly requestsPerMinute: number
  /** Without them models answer single messages. */
  readonly hasWorkstreams: boolean
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
    requestTimeout: parts.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    // What fails before there is a route, such as an address that cannot be read.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 500 },
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_MS, parts.requestTimeoutMs),
      // How late it may notice.
      connectionsCheckingInterval: Math.min(HEADERS_MS, parts.requestTimeoutMs) / 4,
    },
  })
  closeUnusedConnections(app)
  readBodies(app)
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
  await registerCors(app, parts.guard.allowedOrigins)
  await acceptSockets(app, { maxMessageBytes: parts.maxBodyBytes })
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    if (OPEN.has(pathOf(request.url))) return
    const { method, headers } = request
    const { authorization, host, origin } = headers
    if (isSocket(request)) return void guard.checkSocket(socketRequest(request))
    guard.check({ method, authorization, host, origin })
  })
  if (!parts.hasWorkstreams) refuseWorkstreams(app)
  // It speaks plain HTTP: whoever puts TLS before it says so there.
  const csp = { directives: { upgradeInsecureRequests: null } }
  // Made once: the plugin of Fastify for it makes it anew for each request.
  const secure = helmet({ contentSecurityPolicy: csp, strictTransportSecurity: false })
  app.addHook('onRequest', (request, reply, done) => secure(request.raw, reply.raw, () => done()))
  if (parts.requestsPerMinute > 0)
    await app.register(rateLimit, {
      max: parts.requestsPerMinute,
      timeWindow: 60_000,
      errorResponseBuilder: (_request, { ttl }) => tooManyRequests(ttl),
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
  const feed = createFeed(manager)
  const memory = createAnswerMemory()
  const sockets = registerSocket(app, {
    manager,
    feed,
    guard,
    countRequest: requestCounter(app, parts.requestsPerMinute),
    logger,
    closing,
  })
  registerObservation(app, manager, sockets)
  registerDocuments(app)
  registerRoutes(
    app,
    {
      ...workstreamHandlers(manager, memory),
      ...messageHandlers(manager, memory),
      ...sessionHandlers(manager),
      ...memoryHandlers(manager, logger),
      ...dataHandlers(manager, models, feed),
      ...turnHandlers(manager),
      ...transferHandlers(manager),
      ...trashHandlers(manager),
      ...maintenanceHandlers(manager),
    },
    closing,
  )
  registerOpenAi(app, { manager, models, hasWorkstreams: parts.hasWorkstreams, closing })
  registerMcp(app, { manager, version: parts.version, logger })
  return app
}

/** Asked by those that watch over processes, who know no token. They say nothing of what is kept. */
const OPEN = new Set(['/healthz', '/readyz'])

// A client that has just connected says what it wants at once.
const HEADERS_MS = 10_000
// Longer than proxies keep a connection, so that it is they who close it.
const KEEP_ALIVE_MS = 75_000
const MAX_HEADER_BYTES = 16 * 1_024

/** Counts a message over a socket like a request of its address. */
function requestCounter(app: FastifyInstance, perMinute: number): (request: FastifyRequest) => Promise<void> {
  if (perMinute === 0) return async () => {}
  const count = app.createRateLimit()
  return async (request) => {
    const counted = await count(request)
    if (!counted.isAllowed && counted.isExceeded) throw tooManyRequests(counted.ttl)
  }
}

function tooManyRequests(ttl: number): WorkstreamError<'RATE_LIMITED'> {
  const message = `too many requests; wait ${Math.ceil(ttl / 1_000)} s`
  return new WorkstreamError('RATE_LIMITED', message, { retryAfterMs: ttl })
}

/** Without the query, which may hold what somebody said. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
