import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

const DAY_SECONDS = 86_400

/**
 * Lets pages of these origins read answers, refusals included, so it comes before what may refuse. Without an origin a
 * browser keeps every answer from pages that are not of this server.
 */
export async function registerCors(app: FastifyInstance, allowedOrigins: readonly string[]): Promise<void> {
  if (allowedOrigins.length === 0) return
  await app.register(cors, {
    origin: [...allowedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
    // What a page of an allowed origin asks to send, it may send: clients of OpenAI have a dozen headers of their own.
    exposedHeaders: [
      'ETag',
      'Idempotent-Replayed',
      'Location',
      'Retry-After',
      'X-Request-Id',
      'X-Workstream-Id',
      'X-Interaction-Id',
    ],
    maxAge: DAY_SECONDS,
  })
}
