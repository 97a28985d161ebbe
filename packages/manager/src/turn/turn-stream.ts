import type { TurnEvent } from '@arawn/core/turn-event'

/**
 * The events of one turn, for any number of readers at any time: each begins at the beginning and goes at its own pace.
 * Pieces of text that follow each other are kept as one, so it holds no more than was said.
 */
export interface TurnStream {
  tell(event: TurnEvent): void
  /** Nothing comes after it. */
  end(): void
  /** Ends with the turn, or without an error on `signal`. */
  read(signal?: AbortSignal): AsyncGenerator<TurnEvent, void>
}

export function createTurnStream(): TurnStream {
  const events: TurnEvent[] = []
  const waiting = new Set<() => void>()
  let ended = false

  function wake(): void {
    for (const goOn of waiting) goOn()
  }

  function more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        signal?.removeEventListener('abort', goOn)
        waiting.delete(goOn)
        resolve()
      }
      waiting.add(goOn)
      signal?.addEventListener('abort', goOn)
    })
  }

  return {
    tell(event) {
      const last = events.at(-1)
      if (event.type === 'turn.delta' && last?.type === 'turn.delta')
        events[events.length - 1] = { type: 'turn.delta', text: last.text + event.text }
      else events.push(event)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *read(signal) {
      // How many events were handed over, and how much of the one after them, when that is text.
      let [place, heard] = [0, 0]
      while (signal?.aborted !== true) {
        const event = events[place]
        if (event === undefined) {
          if (ended) return
          await more(signal)
        } else if (event.type !== 'turn.delta') {
          place++
          yield event
        } else if (heard < event.text.length) {
          const text = event.text.slice(heard)
          heard = event.text.length
          yield { type: 'turn.delta', text }
        } else if (place < events.length - 1) {
          place++
          heard = 0
        } else if (ended) return
        else await more(signal)
      }
    },
  }
}
