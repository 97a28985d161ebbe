/** Events whose `return` also ends a `next` that waits for the next one: it aborts `end`, which the events listen to. */
export function stoppable<Event>(
  events: AsyncGenerator<Event, void, undefined>,
  end: AbortController,
): AsyncIterableIterator<Event> {
  const iterator: AsyncIterableIterator<Event> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () => events.next(),
    return: () => {
      end.abort()
      return events.return()
    },
  }
  return iterator
}
