import type { EmbeddingModelV3 } from '@ai-sdk/provider'
import type { Embedder, EmbedRequest } from '@arawn/core/embedder'
import { prefixOf } from '../registry/embedding-prefixes.js'
import { AnswerUnreadable } from './events-of-parts.js'
import { ProviderSilent, RequestStopped } from './watched-parts.js'
import { type RetryParts, withRetries } from './with-retries.js'

/** A provider's embedding model behind the port. One call of the SDK is one request: trying again is done here. */
export function createProviderEmbedder(sdk: EmbeddingModelV3, retrying: RetryParts): Embedder {
  const { profile, model, idleTimeoutMs } = retrying.facts

  async function callOnce({ texts, kind, signal }: EmbedRequest): Promise<readonly Float32Array[]> {
    const prefix = prefixOf(model, kind)
    const values = texts.map((text) => `${prefix}${text}`)
    const call = new AbortController()
    const stop = () => call.abort(new RequestStopped())
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop, { once: true })
    const timer = setTimeout(() => call.abort(new ProviderSilent()), idleTimeoutMs)
    try {
      call.signal.throwIfAborted()
      const { embeddings, response } = await sdk.doEmbed({ values, abortSignal: call.signal })
      return readVectors(embeddings, placesIn(response?.body), texts.length)
    } catch (error) {
      throw call.signal.aborted ? call.signal.reason : error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }

  return { profile, model, embed: (request) => withRetries(() => callOnce(request), retrying, request.signal) }
}

/** One for each text, all of the same length, and numbers. @throws AnswerUnreadable */
function readVectors(
  embeddings: readonly (readonly number[])[],
  places: readonly number[] | undefined,
  count: number,
): readonly Float32Array[] {
  const vectors: Float32Array[] = []
  for (const [at, embedding] of embeddings.entries()) vectors[places?.[at] ?? at] = Float32Array.from(embedding)
  const length = vectors[0]?.length ?? 0
  const isWhole = embeddings.length === count && Object.keys(vectors).length === count && vectors.length === count
  if (!isWhole || length === 0 || vectors.some((vector) => vector.length !== length || !vector.every(Number.isFinite)))
    throw new AnswerUnreadable('it sent something that is no vector for each text')
  return vectors
}

/** Each vector says which text it is of. The SDK takes them as they come. */
function placesIn(body: unknown): readonly number[] | undefined {
  const data = (body as { data?: unknown } | undefined)?.data
  if (!Array.isArray(data)) return undefined
  const places = data.map((item: { index?: unknown }) => item.index)
  return places.every((place) => Number.isInteger(place)) ? (places as number[]) : undefined
}
