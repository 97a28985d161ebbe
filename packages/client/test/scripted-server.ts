import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientOptions } from '@arawn/client/client-options'
import { createWorkstreamClient, type WorkstreamClient } from '@arawn/client/create-workstream-client'
import { onTestFinished } from 'vitest'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What becomes of the nth request; what answers nothing cuts the connection. */
export type Reply = (answer: ServerResponse, asked: Asked) => void | Promise<void>

export interface ScriptedServer {
  readonly url: string
  readonly asked: readonly Asked[]
  readonly client: WorkstreamClient
}

/** A server that does what a test says, one request after the other; the last one is repeated. */
export async function startScriptedServer(
  replies: readonly Reply[],
  options: Partial<ClientOptions> = {},
): Promise<ScriptedServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, answer) => {
    let body = ''
    for await (const piece of request) body += piece
    const each = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    asked.push(each)
    await (replies[asked.length - 1] ?? replies.at(-1))?.(answer, each)
    if (!answer.headersSent) answer.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createWorkstreamClient({ url, ...options })
  onTestFinished(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url, asked, client }
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (answer) => {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

export const failing = (status: number, code: string, headers?: Record<string, string>): Reply =>
  json(
    {
      error: {
        type: 'try_again',
        code,
        message: `it is ${code}`,
        param: null,
        request_id: 'r',
        retryable: true,
        details: { waitedMs: 5 },
      },
    },
    status,
    headers,
  )

/** Events, and then the end of the connection: `cut` in the middle of something, or in order. */
export const events =
  (all: readonly { id?: string; data: unknown }[], { cut = false } = {}): Reply =>
  (answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const { id, data } of all)
      answer.write(`${id === undefined ? '' : `id: ${id}\n`}event: x\ndata: ${JSON.stringify(data)}\n\n`)
    if (!cut) answer.end()
    else answer.write('data: {"half', () => answer.destroy())
  }
