import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicWire } from './provider/anthropic-wire.js'
import { openaiWire } from './provider/openai-wire.js'
import { sendJson, sendRefusal, sendWhole, streamSpeech } from './provider/speak.js'
import type { Wire } from './provider/wire.js'
import { isBody, isRefusal, type ProviderAnswer } from './provider-answer.js'

export interface ScriptedProvider {
  /** `http://127.0.0.1:<port>`; both formats are spoken below `/v1`. */
  readonly origin: string
  readonly baseUrl: string
  /** What was asked so far, oldest first. */
  readonly requests: readonly ProviderRequest[]
  /** How many connections were opened so far. */
  openedConnections(): number
  /** Answers that somebody still listens to. */
  openAnswers(): number
  /** Cuts what is open; nothing is left. */
  close(): Promise<void>
}

export interface ProviderRequest {
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
  '/v1/messages': anthropicWire,
}

/** A provider on a port of its own at 127.0.0.1 that says what a test wants. Speaks what OpenAI and Anthropic speak. */
export async function startScriptedProvider(script: ProviderScript): Promise<ScriptedProvider> {
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
    if (wire === undefined) return sendJson(response, 404, { detail: 'Not Found' })
    const asked = { path, headers: request.headers, body }
    const position = requests.push(asked) - 1
    const given =
      typeof script === 'function' ? await script(asked, position) : script[Math.min(position, script.length - 1)]
    const model = String(body.model)
    if (given === undefined) throw new Error('the script is empty')
    if (isBody(given)) {
      response.writeHead(given.status, given.headers)
      response.end(given.body)
      return
    }
    if (isRefusal(given)) return sendRefusal(response, wire, given, model)
    if (body.stream !== true) return sendWhole(response, wire, given, model)
    return streamSpeech(response, wire, given, model, stopping.signal)
  }

  return {
    origin,
    baseUrl: `${origin}/v1`,
    requests,
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
