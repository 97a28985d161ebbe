import { createParser } from 'eventsource-parser'
import type { OpenAnswer } from '../http/connection.js'
import { jsonOf, unreachable, unreadable } from '../http/read-error.js'
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
 * @throws SERVER_ANSWER_UNREADABLE it is something else
 */
export async function* serverEvents(answer: OpenAnswer): AsyncGenerator<ServerEvent, void> {
  const { url, headers } = answer
  if (headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    answer.leave()
    throw unreadable(url, 200, 'it is no stream of events')
  }
  let come: ServerEvent[] = []
  const parser = createParser({
    onEvent: ({ id, data: text }) => {
      const data = jsonOf(text)
      if (data === undefined) throw unreadable(url, 200, 'an event of it is no JSON')
      come.push({ id, data })
    },
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
