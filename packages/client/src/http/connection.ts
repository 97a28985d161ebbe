import { errnoOf, WorkstreamError } from '@arawn/core/error'
import type { ClientOptions } from '../client-options.js'
import { pause } from './pause.js'
import { jsonOf, readError, unreachable, unreadable } from './read-error.js'
import type { Request } from './request.js'
import { type Failure, pauseBefore } from './retry-policy.js'

/** An answer whose body is being read. */
export interface OpenAnswer {
  /** Of the server. */
  readonly url: string
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
  /** Gives the connection back, whether all was read or not. */
  leave(): void
}

export interface Connection {
  readonly url: string
  readonly timeoutMs: number
  /** @throws what the server says, SERVER_UNREACHABLE, SERVER_ANSWER_UNREADABLE, CLOSED, or the reason of the signal */
  json(request: Request): Promise<{ readonly headers: Headers; readonly body: unknown }>
  /** The same, for an answer that is read piece by piece. */
  open(request: Request): Promise<OpenAnswer>
  /** Ends what is under way. */
  close(): void
  readonly closing: AbortSignal
}

interface Ways {
  readonly url: string
  readonly timeoutMs: number
  readonly retries: number
  readonly token: ClientOptions['token']
  readonly fetch: typeof fetch
  readonly random: () => number
}

class Attempt extends Error {
  constructor(readonly failure: Failure) {
    super(failure.error.message)
  }
}

/** Sends requests, each as often as it may be sent. */
export function createConnection({ url, token, fetch, timeoutMs, retries, random }: Ways): Connection {
  const closed = new AbortController()
  // Listening to one signal for each of many requests looks like a leak to Node.
  const underWay = new Set<() => void>()

  async function often<Answer>(request: Request, once: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once()
      } catch (error) {
        if (!(error instanceof Attempt)) throw error
        const { failure } = error
        const wait = request.isRepeatable ? pauseBefore(attempt, failure, { retries, random }) : undefined
        if (wait === undefined) throw failure.error
        await pause(wait, AbortSignal.any([closed.signal, ...(request.signal === undefined ? [] : [request.signal])]))
        refuseEnded(request)
      }
    }
  }

  function refuseEnded({ signal }: Request): void {
    signal?.throwIfAborted()
    if (closed.signal.aborted) throw new WorkstreamError('CLOSED', 'the client was closed', { what: 'client' })
  }

  async function send(request: Request): Promise<OpenAnswer> {
    refuseEnded(request)
    const { method, body, signal } = request
    const ending = new AbortController()
    const end = () => ending.abort()
    const leave = () => {
      underWay.delete(end)
      signal?.removeEventListener('abort', end)
      ending.abort()
    }
    underWay.add(end)
    signal?.addEventListener('abort', end)
    let isTimeout = false
    const timer =
      request.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isTimeout = true
            end()
          }, request.timeoutMs)
    try {
      const secret = typeof token === 'function' ? token() : token
      const answer = await fetch(request.url, {
        method,
        headers: { ...request.headers, ...(secret !== undefined && { authorization: `Bearer ${secret}` }) },
        // A write that is sent elsewhere would arrive there as something else.
        redirect: 'error',
        signal: ending.signal,
        ...(body !== undefined && { body, ...(body instanceof ReadableStream && { duplex: 'half' }) }),
      })
      if (answer.ok) return { url, headers: answer.headers, body: answer.body, leave }
      throw new Attempt({
        error: readError(answer.status, await answer.text(), url),
        status: answer.status,
        retryAfterMs: retryAfter(answer.headers),
        isTimeout: false,
      })
    } catch (error) {
      leave()
      refuseEnded(request)
      if (error instanceof Attempt || error instanceof WorkstreamError) throw error
      const problem = isTimeout ? `no answer within ${request.timeoutMs} ms` : problemOf(error)
      throw new Attempt({
        error: unreachable(url, problem, error),
        status: undefined,
        retryAfterMs: undefined,
        isTimeout,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  async function readJson(request: Request): Promise<{ headers: Headers; body: unknown }> {
    const { headers, body, leave } = await send(request)
    try {
      const parsed = jsonOf(await new Response(body).text())
      if (parsed === undefined) throw unreadable(url, 200, 'it is no JSON')
      return { headers, body: parsed }
    } catch (error) {
      refuseEnded(request)
      if (error instanceof WorkstreamError) throw error
      const cut = unreachable(url, problemOf(error), error)
      throw new Attempt({ error: cut, status: undefined, retryAfterMs: undefined, isTimeout: false })
    } finally {
      leave()
    }
  }

  return {
    url,
    timeoutMs,
    json: (request) => often(request, () => readJson(request)),
    open: (request) => often(request, () => send(request)),
    close: () => {
      closed.abort()
      for (const end of underWay) end()
    },
    closing: closed.signal,
  }
}

/** Node says what happened in the cause; a browser says nothing. */
export function problemOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const errno = errnoOf(cause)
  if (errno !== 'UNKNOWN') return errno
  return cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error)
}

function retryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined
}
