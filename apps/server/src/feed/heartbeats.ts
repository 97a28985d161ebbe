// Proxies close what says nothing for a minute.
const HEARTBEAT_MS = 15_000

/** A comment, which every reader of server-sent events passes over. */
export const HEARTBEAT = ': still here\n\n'

/** What comes, and undefined whenever nothing came for a while. Ends when the reader has gone. */
export async function* withHeartbeats<Item>(
  items: AsyncIterable<Item>,
  gone: AbortSignal,
): AsyncGenerator<Item | undefined> {
  const iterator = items[Symbol.asyncIterator]()
  let next = iterator.next()
  next.catch(() => {})
  while (!gone.aborted) {
    const seen = await within(next, HEARTBEAT_MS, gone)
    if (seen === undefined) {
      if (!gone.aborted) yield undefined
      continue
    }
    if (seen.done === true) return
    yield seen.value
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
