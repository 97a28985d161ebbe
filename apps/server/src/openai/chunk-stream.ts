import { Readable } from 'node:stream'
import { HEARTBEAT, withHeartbeats } from '../feed/heartbeats.js'

// What goes wrong until then is an answer with a status of its own; afterwards it comes in the stream.
const PATIENCE_MS = 10_000

/**
 * Chunks as OpenAI streams them (`data:` lines, then `[DONE]`). Resolves when the first one is there, or a while later.
 *
 * @param failureOf what is told of an error in the middle; nothing comes after it
 */
export async function chunkStream(
  chunks: AsyncIterable<object>,
  failureOf: (error: unknown) => object,
  gone: AbortSignal,
): Promise<Readable> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = iterator.next()
  let timer: NodeJS.Timeout | undefined
  await Promise.race([first, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]).finally(() =>
    clearTimeout(timer),
  )

  async function* all(): AsyncGenerator<object> {
    for (let seen = await first; seen.done !== true; seen = await iterator.next()) yield seen.value
  }

  async function* text(): AsyncGenerator<string> {
    try {
      for await (const chunk of withHeartbeats(all(), gone)) yield chunk === undefined ? HEARTBEAT : line(chunk)
      yield 'data: [DONE]\n\n'
    } catch (error) {
      yield line(failureOf(error))
    }
  }

  return Readable.from(text(), { objectMode: false })
}

/** JSON has no line ends of its own. */
function line(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
