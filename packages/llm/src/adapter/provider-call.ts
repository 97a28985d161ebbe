import { APICallError } from '@ai-sdk/provider'
import { ProviderSilent, RequestStopped } from './watched-parts.js'

/** One call of a provider's API beside the SDK. */
export interface ProviderCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON; a call without one is a GET. */
  readonly body?: unknown
}

export interface ProviderCallWatch {
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal | undefined
  /** A provider that says nothing for this long is given up. */
  readonly idleTimeoutMs: number
}

/**
 * The body of the answer, in pieces as they come. The connection is closed whatever happens. Redirects are not followed:
 * the key would go along.
 *
 * @throws APICallError for a status other than 2xx; ProviderSilent; RequestStopped; whatever fetch throws
 */
export async function* callProvider(
  { url, headers, body }: ProviderCall,
  { fetch, signal, idleTimeoutMs }: ProviderCallWatch,
): AsyncGenerator<string> {
  const call = new AbortController()
  const stop = () => call.abort(new RequestStopped())
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })
  let timer: NodeJS.Timeout | undefined
  const expectSoon = () => {
    timer = setTimeout(() => call.abort(new ProviderSilent()), idleTimeoutMs)
  }
  try {
    expectSoon()
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(url, { ...sent, headers, redirect: 'manual', signal: call.signal })
    if (!response.ok) throw await refusalOf(response, url)
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) {
      clearTimeout(timer)
      yield decoder.decode(piece, { stream: true })
      expectSoon()
    }
  } catch (error) {
    throw call.signal.aborted ? call.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    call.abort(new RequestStopped())
  }
}

/** As the SDK puts it, so that all failures are read in one place. What was sent is left out. */
async function refusalOf(response: Response, url: string): Promise<APICallError> {
  return new APICallError({
    message: response.statusText,
    url,
    requestBodyValues: {},
    statusCode: response.status,
    responseHeaders: Object.fromEntries(response.headers),
    responseBody: (await response.text()).slice(0, MAX_REFUSAL_CHARS),
  })
}

const MAX_REFUSAL_CHARS = 10_000
