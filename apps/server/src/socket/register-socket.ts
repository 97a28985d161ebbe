import { WorkstreamError } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import { SOCKET_PATH, SOCKET_PROTOCOL } from '@arawn/core/socket-message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Feed } from '../feed/feed.js'
import { createLiveTails } from '../feed/live-tail.js'
import type { Guard } from '../safety/guard.js'
import { type Connection, openConnection } from './connection.js'

export interface SocketParts {
  readonly manager: WorkstreamManager
  readonly feed: Feed
  readonly guard: Guard
  /** Counts what an address asks for. @throws RATE_LIMITED */
  readonly countRequest: (request: FastifyRequest) => Promise<void>
  readonly logger: Logger
  /** The server stops. */
  readonly closing: AbortSignal
}

/** Those who are connected. */
export interface Sockets {
  count(): number
  /** What they have not taken yet and is kept for them. */
  waitingBytes(): number
}

// A peer that gives no sign of life between two of them is gone.
const HEARTBEAT_MS = 20_000
/** How long a peer has to answer a close. */
const CLOSE_MS = 1_000
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const GOING_AWAY = 1001

/**
 * Lets requests become sockets. It comes before all hooks that may refuse one: it then sees that this is a socket, and
 * closes it.
 */
export async function acceptSockets(app: FastifyInstance, { maxMessageBytes }: { maxMessageBytes: number }) {
  await app.register(websocket, {
    options: {
      maxPayload: maxMessageBytes,
      // The token is never chosen: what is chosen is said aloud.
      handleProtocols: (protocols) => protocols.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
    },
    // Such as one that sends too much: it was told by the code that its socket was closed with.
    errorHandler: (_error, socket) => socket.terminate(),
    // Those that are open are closed when the server begins to stop.
    preClose: (done) => done(),
  })
}

/** Sockets: what happens, as over server-sent events, and in the other direction what is said and asked. */
export function registerSocket(app: FastifyInstance, parts: SocketParts): Sockets {
  const open = new Set<Connection>()
  const tails = createLiveTails(parts.feed)

  function closeAll(): void {
    for (const { socket } of open) {
      socket.close(GOING_AWAY, 'the server stops')
      socket.resume()
      setTimeout(() => socket.terminate(), CLOSE_MS).unref()
    }
  }
  parts.closing.addEventListener('abort', closeAll, { once: true })

  const heartbeat = setInterval(() => {
    for (const { socket, wasAlive } of open) {
      if (wasAlive()) socket.ping()
      else socket.terminate()
    }
  }, HEARTBEAT_MS).unref()
  app.addHook('onClose', async () => clearInterval(heartbeat))

  app.route({
    method: 'GET',
    url: SOCKET_PATH,
    schema: { hide: true },
    handler: async () => {
      const problem = 'this address is for WebSocket'
      throw new WorkstreamError('REQUEST_UNREADABLE', problem, { problem })
    },
    wsHandler: (socket, request) => {
      const connection = openConnection(socket, {
        manager: parts.manager,
        feed: parts.feed,
        tails,
        logger: parts.logger,
        connection: request.raw.socket,
        id: request.id,
        isKnown: parts.guard.checkSocket(socketRequest(request)),
        isToken: parts.guard.isToken,
        first: firstOf(request.query),
        countMessage: () => parts.countRequest(request),
      })
      open.add(connection)
      socket.once('close', () => open.delete(connection))
      if (parts.closing.aborted) closeAll()
    },
  })

  return {
    count: () => open.size,
    waitingBytes: () => [...open].reduce((sum, connection) => sum + connection.waitingBytes(), 0),
  }
}

export function isSocket({ method, url, headers }: FastifyRequest): boolean {
  const isThere = url === SOCKET_PATH || url.startsWith(`${SOCKET_PATH}?`)
  return isThere && method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/** What a guard looks at when somebody opens a socket. */
export function socketRequest({ headers }: FastifyRequest): Parameters<Guard['checkSocket']>[0] {
  const { authorization, host, origin } = headers
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return { authorization, host, origin, protocols }
}

function firstOf(query: unknown): { workstream?: string; since?: string } {
  const { workstream, since } = query as Record<string, unknown>
  return {
    ...(typeof workstream === 'string' && workstream !== '' && { workstream }),
    ...(typeof since === 'string' && since !== '' && { since }),
  }
}
