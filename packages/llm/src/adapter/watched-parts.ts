import type { LanguageModelV3, LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider'

/** Nothing came from the provider for too long. */
export class ProviderSilent extends Error {}

/** Whoever made the request stopped it. */
export class RequestStopped extends Error {}

// What comes behind the last part is a few bytes, and on its way.
const REST_MS = 200

/**
 * The parts of one call, as they come. The connection is closed whatever happens: when they end, when nobody reads them
 * any more, when `signal` says so (throws `RequestStopped`) and when nothing comes for too long (`ProviderSilent`). The
 * time that the reader takes does not count.
 */
export async function* watchedParts(
  sdk: LanguageModelV3,
  options: LanguageModelV3CallOptions,
  { signal, idleTimeoutMs }: { readonly signal: AbortSignal | undefined; readonly idleTimeoutMs: number },
): AsyncGenerator<LanguageModelV3StreamPart> {
  const call = new AbortController()
  const stop = () => call.abort(new RequestStopped())
  const stopped = new Promise<never>((_, reject) => {
    call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true })
  })
  stopped.catch(() => {})
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })

  async function inTime<Value>(work: Promise<Value>): Promise<Value> {
    const timer = setTimeout(() => call.abort(new ProviderSilent()), idleTimeoutMs)
    try {
      return await Promise.race([work, stopped])
    } finally {
      clearTimeout(timer)
    }
  }

  let leave = async () => {}
  try {
    call.signal.throwIfAborted()
    // Raw chunks are signs of life, too: a model that thinks says nothing else for minutes.
    const { stream } = await inTime(
      Promise.resolve(sdk.doStream({ ...options, abortSignal: call.signal, includeRawChunks: true })),
    )
    const reader = stream.getReader()
    while (true) {
      const { done, value } = await inTime(reader.read())
      if (done) return
      if (value.type === 'finish') leave = () => readToEnd(reader)
      yield value
    }
  } finally {
    await leave()
    signal?.removeEventListener('abort', stop)
    call.abort(new RequestStopped())
  }
}

/** A connection can serve the next call only when all of the answer was read. */
async function readToEnd(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REST_MS)
  })
  const rest = (async () => {
    while (!(await reader.read()).done);
  })()
  // The answer is whole already; nothing that comes now can spoil it.
  await Promise.race([rest.catch(() => {}), late])
  clearTimeout(timer)
}
