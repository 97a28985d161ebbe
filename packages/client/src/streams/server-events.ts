import { createParser } from 'eventsource-parser'
import type { OpenAnswer } from '../http/connection.js'
import { unreachable } from '../http/read-error.js'
import { readText } from './read-body.js'

export interface ServerEvent {
  readonly id: string | undefined
  readonly data: unknown
}

// A server says every 15 seconds that it is still there.
const SILENCE_MS = 45_000

/**
 * The events of an answer. A connection over which nothing comes any more, not even that, is given up.
 *
 * @throws SERVER_UNREACHABLE it was cut
 */
export async function* serverEvents(answer: OpenAnswer): AsyncGenerator<ServerEvent, void> {
  let come: ServerEvent[] = []
  const parser = createParser({
    onEvent: ({ id, data }) => come.push({ id, data: JSON.parse(data) }),
  })
  let isSilent = false
  const watch = () =>
    setTimeout(() => {
      isSilent = true
      answer.leave()
    }, SILENCE_MS)
  const pieces = readText(answer)
  try {
    for (;;) {
      const timer = watch()
      const next = await pieces
        .next()
        .catch((error: unknown) => {
          throw isSilent ? unreachable(answer.url, 'nothing comes from it any more', error) : error
        })
        .finally(() => clearTimeout(timer))
      if (next.done === true) return
      parser.feed(next.value)
      const events = come
      come = []
      yield* events
    }
  } finally {
    await pieces.return()
  }
}
