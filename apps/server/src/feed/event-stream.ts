import { Readable } from 'node:stream'
import type { SentEvent } from '../calls/handler.js'

// Proxies close what says nothing for a minute.
const HEARTBEAT_MS = 15_000

/** Server-sent events as the bytes of an answer (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function eventStream(events: AsyncIterable<SentEvent>, gone: AbortSignal): Readable {
  return Readable.from(textOf(events, gone), { objectMode: false })
}

async function* textOf(events: AsyncIterable<SentEvent>, gone: AbortSignal): AsyncGenerator<string> {
  // Says that it was accepted, before anything happens.
  yield ': connected\n\n'
  const iterator = events[Symbol.asyncIterator]()
  let next = iterator.next()
  next.catch(() => {})
  while (!gone.aborted) {
    const seen = await within(next, HEARTBEAT_MS, gone)
    if (seen === undefined) {
      if (!gone.aborted) yield ': still here\n\n'
      continue
    }
    if (seen.done === true) return
    yield textOfEvent(seen.value)
    next = iterator.next()
    next.catch(() => {})
  }
}

/** @returns undefined when the time is over or the reader has gone */
function within<Value>(value: Promise<Value>, ms: number, gone: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const over = () => done(() => resolve(undefined))
    const timer = setTimeout(over, ms)
    const done = (tell: () => void) => {
      clearTimeout(timer)
      gone.removeEventListener('abort', over)
      tell()
    }
    gone.addEventListener('abort', over)
    value.then(
      (got) => done(() => resolve(got)),
      (error) => done(() => reject(error)),
    )
  })
}

/** JSON has no line ends of its own, so one `data` line is enough. */
function textOfEvent({ id, type, text }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${text}\n\n`
}
