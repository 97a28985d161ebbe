import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicWire } from './provider/anthropic-wire.js'
import { type BatchScript, createBatchDesk, type ScriptedBatch } from './provider/batches.js'
import { openaiWire } from './provider/openai-wire.js'
import { sendJson, sendRefusal, sendVectors, sendWhole, streamSpeech } from './provider/speak.js'
import type { Wire } from './provider/wire.js'
import { isBody, isRefusal, isVectors, type ProviderAnswer } from './provider-answer.js'

export type { BatchScript, ScriptedBatch }

export interface ScriptedProvider {
  /** `http://127.0.0.1:<port>`; both formats are spoken below `/v1`. */
  readonly origin: string
  readonly baseUrl: string
  /** What was asked so far, oldest first; what was asked of batches stands in `batchCalls`. */
  readonly requests: readonly ProviderRequest[]
  readonly batchCalls: readonly ProviderRequest[]
  /** Those that were taken. */
  readonly batches: readonly ScriptedBatch[]
  /** How many connections were opened so far. */
  openedConnections(): number
  /** Answers that somebody still listens to. */
  openAnswers(): number
  /** Cuts what is open; nothing is left. */
  close(): Promise<void>
}

export interface ProviderRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The parsed body. */
  readonly body: Readonly<Record<string, unknown>>
}

/** A list is gone through, its last answer stays; a function is asked each time. */
export type ProviderScript =
  | readonly ProviderAnswer[]
  | ((request: ProviderRequest, position: number) => ProviderAnswer | Promise<ProviderAnswer>)

const wires: Readonly<Record<string, Wire>> = {
  '/v1/chat/completions': openaiWire,
  '/v1/embeddings': openaiWire,
  '/v1/messages': anthropicWire,
}

/** A provider on a port of its own at 127.0.0.1 that says what a test wants. Speaks what OpenAI and Anthropic speak. */
export async function startScriptedProvider(
  script: ProviderScript,
  batchScript: BatchScript = {},
): Promise<ScriptedProvider> {
  const desk = createBatchDesk(batchScript, given)
  const requests: ProviderRequest[] = []
  const stopping = new AbortController()
  let openAnswers = 0
  let openedConnections = 0
  const server = createServer((request, response) => {
    openAnswers += 1
    response.once('close', () => {
      openAnswers -= 1
    })
    answer(request, response).catch((error: unknown) => sendJson(response, 500, { error: { message: String(error) } }))
  })
  server.on('connection', () => {
    openedConnections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const wire = wires[path]
    const body = await bodyOf(request)
    const asked = { method: request.method ?? '', path, headers: request.headers, body }
    if (desk.isFor(path)) return desk.answer(asked, request, response)
    if (wire === undefined) return sendJson(response, 404, { detail: 'Not Found' })
    const position = requests.push(asked) - 1
    const said = await given(asked, position)
    const model = String(body.model)
    if (isBody(said)) {
      response.writeHead(said.status, said.headers)
      response.end(said.body)
      return
    }
    if (isRefusal(said)) return sendRefusal(response, wire, said, model)
    if (isVectors(said)) return sendVectors(response, said, model)
    if (body.stream !== true) return sendWhole(response, wire, said, model)
    return streamSpeech(response, wire, said, model, stopping.signal)
  }

  async function given(asked: ProviderRequest, position: number): Promise<ProviderAnswer> {
    const said =
      typeof script === 'function' ? await script(asked, position) : script[Math.min(position, script.length - 1)]
    if (said === undefined) throw new Error('the script is empty')
    return said
  }

  return {
    origin,
    baseUrl: `${origin}/v1`,
    requests,
    batchCalls: desk.calls,
    batches: desk.batches,
    openedConnections: () => openedConnections,
    openAnswers: () => openAnswers,
    async close() {
      stopping.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}
