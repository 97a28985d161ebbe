import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProviderRefusal, ProviderSpeech, ProviderVectors } from '../provider-answer.js'
import type { Wire } from './wire.js'

/** Sends a stream, and ends it as it is told. `stopped` ends the waiting when the provider closes. */
export async function streamSpeech(
  response: ServerResponse,
  wire: Wire,
  speech: ProviderSpeech,
  model: string,
  stopped: AbortSignal,
): Promise<void> {
  const { pieces: whole, end, behindHalfCall } = wire.stream(speech, model)
  const pieces = speech.cutInCall === true ? whole.slice(0, whole.length - behindHalfCall) : whole
  const { ending = 'whole', pauseMs = 0 } = speech
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  for (const piece of pieces) {
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stopped }).catch(() => {})
    await speech.before?.(piece)
    if (response.destroyed || stopped.aborted) return
    await written(response, piece)
  }
  if (ending === 'silence') return
  if (ending === 'reset') {
    // The client has to have read the pieces: a reset throws away what is still on its way.
    await sleep(30)
    response.socket?.resetAndDestroy()
    return
  }
  if (ending === 'malformed') await written(response, 'data: {"choices": [{\n\n')
  if (ending === 'error') await written(response, wire.errorFrame)
  if (ending === 'whole' || ending === 'malformed') for (const frame of end) await written(response, frame)
  // As from afar, where the end of the body is a packet of its own.
  if (ending === 'whole') await sleep(5)
  response.end()
}

export function sendWhole(response: ServerResponse, wire: Wire, speech: ProviderSpeech, model: string): void {
  sendJson(response, 200, wire.whole(speech, model))
}

/** As OpenAI and those who copied it send them: https://platform.openai.com/docs/api-reference/embeddings */
export async function sendVectors(
  response: ServerResponse,
  { vectors, before }: ProviderVectors,
  model: string,
): Promise<void> {
  await before?.()
  const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }))
  sendJson(response, 200, { object: 'list', data, model, usage: { prompt_tokens: 5, total_tokens: 5 } })
}

export function sendRefusal(response: ServerResponse, wire: Wire, refusal: ProviderRefusal, model: string): void {
  const { status, body } = wire.refusal(refusal, model)
  if (refusal.retryAfter !== undefined) response.setHeader('retry-after', refusal.retryAfter)
  if (refusal.refuses === 'not_json') {
    response.writeHead(status, { 'content-type': 'text/html' })
    response.end(`<html><h1>Bad gateway</h1>${refusal.says ?? ''}</html>`)
  } else sendJson(response, status, body)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => response.write(text, () => resolve()))
}
