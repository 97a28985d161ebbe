import type { FastifyReply } from 'fastify'

/** Aborted when the client has gone, or the server stops. */
export function goneSignal(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const left = new AbortController()
  const leave = () => left.abort()
  if (closing.aborted || reply.raw.closed) leave()
  closing.addEventListener('abort', leave, { once: true })
  reply.raw.once('close', () => {
    closing.removeEventListener('abort', leave)
    leave()
  })
  return left.signal
}
