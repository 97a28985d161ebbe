import type { FastifyInstance } from 'fastify'
import { documentationPage } from './documentation-page.js'

/** The interface as a document, for tools and for people. */
export function registerDocuments(app: FastifyInstance): void {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(documentationPage()),
  )
}
