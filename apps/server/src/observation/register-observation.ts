import { hasCode } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Sockets } from '../socket/register-socket.js'

/** What those that watch over the server look at: is it there, can it be used, how is it doing. */
export function registerObservation(app: FastifyInstance, manager: WorkstreamManager, sockets: Sockets): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'arawn_http_requests_total',
    help: 'Requests that were answered',
    labelNames: ['route', 'method', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'arawn_http_request_seconds',
    help: 'From the request to the end of its answer; streams are left out',
    labelNames: ['route', 'method'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const underWay = new Gauge({
    name: 'arawn_http_requests_under_way',
    help: 'Streams and sockets included',
    registers: [registry],
  })
  new Gauge({
    name: 'arawn_turns_running',
    help: 'Turns of this process that wait for a model',
    registers: [registry],
    async collect() {
      this.set((await manager.listRunningTurns()).length)
    },
  })
  new Gauge({
    name: 'arawn_sockets_open',
    help: 'Clients that are connected over WebSocket',
    registers: [registry],
    collect() {
      this.set(sockets.count())
    },
  })
  new Gauge({
    name: 'arawn_sockets_waiting_bytes',
    help: 'What they have not taken yet; the rest waits in the logs',
    registers: [registry],
    collect() {
      this.set(sockets.waitingBytes())
    },
  })

  app.addHook('onRequest', async (_request, reply) => {
    underWay.inc()
    // Of a socket, too, which is never answered.
    reply.raw.once('close', () => underWay.dec())
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'unknown'
    const status = reply.statusCode
    requests.inc({ route, method, status: String(status) })
    const isStream = String(reply.getHeader('content-type')).startsWith('text/event-stream')
    if (!isStream) seconds.observe({ route, method }, reply.elapsedTime / 1_000)
    request.log.info({ method, route, status, ms: Math.round(reply.elapsedTime) }, 'answered')
  })

  const unlimited = { schema: { hide: true }, config: { rateLimit: false } }
  app.get('/healthz', unlimited, async () => ({ status: 'ok' }))
  app.get('/readyz', unlimited, async () => {
    // Answers only when logs and index do.
    await manager.listWorkstreams({ limit: 1 }).catch((error: unknown) => {
      if (!hasCode(error, 'WORKSTREAMS_DISABLED')) throw error
    })
    return { status: 'ready' }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}
