import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { createMcpServer, type McpParts } from '../mcp.js'

/**
 * The Model Context Protocol over HTTP (https://modelcontextprotocol.io/specification/2025-06-18/basic/transports). Nothing is
 * remembered between two requests, so it needs no sessions: a client goes on after a restart as if nothing had been.
 */
export function registerMcp(app: FastifyInstance, parts: McpParts): void {
  app.post('/mcp', { schema: { hide: true } }, async (request, reply) => {
    const server = createMcpServer(parts)
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    reply.raw.once('close', () => void server.close())
    // The SDK writes the answer itself, with the headers that we have set until now.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    reply.hijack()
    await server.connect(transport)
    await transport.handleRequest(request.raw, reply.raw, request.body)
  })
  // A stream of what the server would say by itself, and the end of a session: there are none.
  app.route({
    method: ['GET', 'DELETE'],
    url: '/mcp',
    schema: { hide: true },
    handler: async (_request, reply) => notAllowed(reply),
  })
}

function notAllowed(reply: FastifyReply): FastifyReply {
  const error = { code: -32_000, message: 'Method not allowed: this server keeps no sessions; send POST.' }
  return reply.status(405).header('allow', 'POST').send({ jsonrpc: '2.0', error, id: null })
}
