import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  isBody,
  isRefusal,
  type ProviderAnswer,
  type ProviderBody,
  type ProviderRefusal,
  type ProviderSpeech,
} from '../provider-answer.js'
import type { ProviderRequest } from '../scripted-provider.js'
import { anthropicWire } from './anthropic-wire.js'
import { sendJson, sendRefusal } from './speak.js'

export type BatchCall = 'submit' | 'look' | 'results'

/** What becomes of one request; a body is its line of the results, byte for byte. */
export type BatchedAnswer = ProviderSpeech | ProviderBody | 'errored' | 'canceled' | 'expired'

/** How message batches go. By default they have ended when they are looked at first, each request answered. */
export interface BatchScript {
  /** By default as the script of the provider answers it. */
  readonly answer?: (request: ProviderRequest, position: number) => BatchedAnswer
  /** @param look counted from 1, for each batch */
  readonly isRunning?: (look: number) => boolean
  /** Instead of an answer; `cut` closes the connection when all has been done. */
  readonly refuse?: (call: BatchCall, position: number) => ProviderRefusal | ProviderBody | 'cut' | undefined
  readonly expiresAt?: string | null
  /** Where an ended batch says that its results are. */
  readonly resultsUrl?: (usual: string) => string | null
}

export interface ScriptedBatch {
  readonly id: string
  readonly requests: readonly { readonly custom_id: string; readonly params: Readonly<Record<string, unknown>> }[]
  /** How often it was looked at. */
  looks: number
}

const PATH = /^\/v1\/messages\/batches(?:\/([^/]+?)(\/results)?)?$/

/** Answers what is asked of message batches, in the format of Anthropic. */
export function createBatchDesk(
  { answer, isRunning = () => false, refuse = () => undefined, expiresAt, resultsUrl = (usual) => usual }: BatchScript,
  usual: (request: ProviderRequest, position: number) => Promise<ProviderAnswer>,
) {
  const batches: ScriptedBatch[] = []
  const calls: ProviderRequest[] = []

  return {
    batches,
    calls,
    isFor: (path: string) => PATH.test(path),
    async answer(asked: ProviderRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const [, id, results] = PATH.exec(asked.path) ?? []
      const call = id === undefined ? 'submit' : results === undefined ? 'look' : 'results'
      const refusal = refuse(call, calls.push(asked) - 1)
      if (refusal !== undefined && refusal !== 'cut') {
        if (isRefusal(refusal)) return sendRefusal(response, anthropicWire, refusal, 'a-model')
        response.writeHead(refusal.status, refusal.headers)
        response.end(refusal.body)
        return
      }
      if (id === undefined)
        batches.push({ id: `msgbatch_${batches.length + 1}`, requests: requestsIn(asked), looks: 0 })
      const batch = id === undefined ? batches.at(-1) : batches.find((one) => one.id === id)
      if (refusal === 'cut') request.socket.destroy()
      else if (batch === undefined) sendRefusal(response, anthropicWire, { refuses: 'no_model' }, `batch ${id}`)
      else if (call === 'results') await sendResults(batch, asked, response)
      else {
        if (call === 'look') batch.looks += 1
        sendJson(response, 200, said(batch, call === 'submit' || isRunning(batch.looks), asked))
      }
    },
  }

  function said({ id, requests }: ScriptedBatch, runs: boolean, { headers }: ProviderRequest) {
    const own = `http://${headers.host}/v1/messages/batches/${id}/results`
    const counts = { succeeded: 0, errored: 0, canceled: 0, expired: 0 }
    return {
      id,
      type: 'message_batch',
      processing_status: runs ? 'in_progress' : 'ended',
      request_counts: { ...counts, processing: runs ? requests.length : 0 },
      created_at: '2026-01-15T10:00:00.000Z',
      expires_at: expiresAt === undefined ? '2099-01-16T10:00:00.000000+00:00' : expiresAt,
      ended_at: runs ? null : '2026-01-15T10:05:00Z',
      cancel_initiated_at: null,
      archived_at: null,
      results_url: runs ? null : resultsUrl(own),
    }
  }

  /** Not in the order of the requests, as the provider warns. */
  async function sendResults({ requests }: ScriptedBatch, asked: ProviderRequest, response: ServerResponse) {
    const lines: string[] = []
    for (const [position, { custom_id, params }] of requests.entries()) {
      const one = { ...asked, path: '/v1/messages', body: params }
      const given = answer?.(one, position) ?? (await usual(one, position))
      lines.unshift(typeof given === 'object' && isBody(given) ? given.body : lineOf(custom_id, given, params))
    }
    response.writeHead(200, { 'content-type': 'application/x-jsonl' })
    response.end(`${lines.join('\n')}\n`)
  }
}

function lineOf(
  custom_id: string,
  given: Exclude<BatchedAnswer, ProviderBody> | ProviderRefusal,
  params: Readonly<Record<string, unknown>>,
): string {
  const error = { type: 'error', error: { type: 'api_error', message: 'Internal server error' } }
  if (given === 'canceled' || given === 'expired') return JSON.stringify({ custom_id, result: { type: given } })
  if (given === 'errored' || 'refuses' in given)
    return JSON.stringify({ custom_id, result: { type: 'errored', error } })
  const message = anthropicWire.whole(given, String(params.model))
  return JSON.stringify({ custom_id, result: { type: 'succeeded', message } })
}

function requestsIn({ body }: ProviderRequest): ScriptedBatch['requests'] {
  return Array.isArray(body.requests) ? body.requests : []
}
