import { Readable } from 'node:stream'
import type { SentEvent } from '../calls/handler.js'
import { HEARTBEAT, withHeartbeats } from './heartbeats.js'

/** Server-sent events as the bytes of an answer (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function eventStream(events: AsyncIterable<SentEvent>, gone: AbortSignal): Readable {
  return Readable.from(textOf(events, gone), { objectMode: false })
}

async function* textOf(events: AsyncIterable<SentEvent>, gone: AbortSignal): AsyncGenerator<string> {
  // Says that it was accepted, before anything happens.
  yield ': connected\n\n'
  for await (const event of withHeartbeats(events, gone)) yield event === undefined ? HEARTBEAT : textOfEvent(event)
}

/** JSON has no line ends of its own, so one `data` line is enough. */
function textOfEvent({ id, type, text }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${text}\n\n`
}
