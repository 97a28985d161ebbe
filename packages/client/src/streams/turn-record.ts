import type { TurnEvent } from '@arawn/core/turn-event'

/**
 * What was heard of a turn, put together of any number of connections, each of which tells it from its beginning: events
 * once, and each letter of an answer once. Readers begin at the beginning and go at their own pace.
 */
export interface TurnRecord {
  /** A connection begins to tell. @returns what takes its events */
  listen(): (event: TurnEvent) => void
  /** Nothing comes any more; with an error readers are told so behind what was heard. */
  end(error?: unknown): void
  /** Ends with the turn, or without an error on `signal`. */
  read(signal?: AbortSignal): AsyncGenerator<TurnEvent, void>
}

type Lasting = Exclude<TurnEvent, { type: 'turn.delta' }>

export function createTurnRecord(): TurnRecord {
  const events: TurnEvent[] = []
  const heard = new Set<string>()
  const waiting = new Set<() => void>()
  // The last event that is no piece of text, and what was said behind it.
  let last = ''
  let said = ''
  let over: { error?: unknown } | undefined

  function wake(): void {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  function more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        signal?.removeEventListener('abort', over)
        waiting.delete(over)
        resolve()
      }
      waiting.add(over)
      signal?.addEventListener('abort', over, { once: true })
    })
  }

  function say(text: string): void {
    if (text === '') return
    said += text
    const before = events.at(-1)
    if (before?.type === 'turn.delta') events[events.length - 1] = { type: 'turn.delta', text: before.text + text }
    else events.push({ type: 'turn.delta', text })
  }

  function keep(event: Lasting): void {
    // Its end may have been said while nobody listened.
    if (
      event.type === 'message.created' &&
      event.message.role === 'assistant' &&
      event.message.content.startsWith(said)
    )
      say(event.message.content.slice(said.length))
    events.push(event)
    last = nameOf(event)
    heard.add(last)
    said = ''
  }

  return {
    listen() {
      let at = ''
      let told = ''
      return (event) => {
        if (event.type === 'turn.delta') {
          told += event.text
          if (at === last && told.length > said.length) say(told.slice(said.length))
        } else {
          at = nameOf(event)
          told = ''
          if (!heard.has(at)) keep(event)
        }
        wake()
      }
    },
    end(error) {
      over ??= { error }
      wake()
    },
    async *read(signal) {
      // How many events were handed over, and how much of the one after them, when that is text.
      let [place, taken] = [0, 0]
      while (signal?.aborted !== true) {
        const event = events[place]
        if (event !== undefined && event.type !== 'turn.delta') {
          place++
          yield event
        } else if (event !== undefined && taken < event.text.length) {
          const text = event.text.slice(taken)
          taken = event.text.length
          yield { type: 'turn.delta', text }
        } else if (event !== undefined && place < events.length - 1) {
          place++
          taken = 0
        } else if (over !== undefined) {
          if (over.error !== undefined) throw over.error
          return
        } else await more(signal)
      }
    },
  }
}

function nameOf(event: Lasting): string {
  return event.type === 'message.created' ? event.message.id : event.type
}
