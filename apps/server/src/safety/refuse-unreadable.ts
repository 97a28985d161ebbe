import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { WorkstreamError } from '@arawn/core/error'
import { errorAnswer } from '../calls/answer-error.js'

/** Answers what never became a request, and closes its connection. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, problem] = known[error.code ?? ''] ?? [400, 'this is no HTTP']
  const failure = new WorkstreamError('REQUEST_UNREADABLE', problem, { problem })
  const body = JSON.stringify(errorAnswer(failure, randomUUID()))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  // A part of an answer may have gone out already; then there is nothing more to say.
  const isFresh = socket.writable && socket.bytesWritten === 0
  if (isFresh) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

const known: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come in time'],
  HPE_HEADER_OVERFLOW: [431, 'the headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the body is not written as it should be'],
}
