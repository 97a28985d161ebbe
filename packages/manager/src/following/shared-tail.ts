import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import { comparePlaces, type Place, parseCursor } from './place.js'

/**
 * What has come lately, for all who follow the same and are level: one reading of the logs for however many.
 *
 * It reads when somebody waits for more, never ahead. A few pages stay at hand; who falls behind them reads the logs by
 * itself until it is level again.
 */
export interface SharedTail {
  /** All that was read behind it is at hand. */
  floor(): Place
  /** Where to go on behind a place; undefined when that is not at hand. */
  positionBehind(place: Place): number | undefined
  /** The first event from a position on, `gone` when it is not at hand any more, undefined when it has not come yet. */
  at(position: number): Placed | 'gone' | undefined
  /** Resolves when there is more than what was at hand, or with the signal. Fails with the reading. */
  more(signal: AbortSignal): Promise<void>
}

export interface Placed {
  readonly place: Place
  readonly event: WorkstreamEvent
}

const EVENTS_AT_HAND = 512
const CHARACTERS_AT_HAND = 256 * 1_024

/** @param nextPage waits until there is one; empty only when it is over */
export function createSharedTail(start: Place, nextPage: () => Promise<readonly WorkstreamEvent[]>): SharedTail {
  let floor = start
  let entries: Placed[] = []
  /** Position of the first of them. */
  let first = 0
  let isReading = false
  const waiting = new Set<{ resolve: () => void; reject: (error: unknown) => void }>()

  /** Before a page comes, so that nobody loses the page that it is about to read. */
  function trim(): void {
    let [keep, characters] = [0, 0]
    for (const { event } of entries.toReversed()) {
      characters += sizeOf(event)
      if (keep === EVENTS_AT_HAND || characters > CHARACTERS_AT_HAND) break
      keep += 1
    }
    const dropped = entries.length - keep
    floor = entries[dropped - 1]?.place ?? floor
    entries = entries.slice(dropped)
    first += dropped
  }

  async function read(): Promise<void> {
    const page = await nextPage()
    trim()
    for (const event of page) entries.push({ place: parseCursor(event.cursor), event })
  }

  function tell(how: 'resolve' | 'reject', error?: unknown): void {
    // Whoever is told may ask for more at once.
    isReading = false
    const told = [...waiting]
    waiting.clear()
    for (const waiter of told) waiter[how](error)
  }

  return {
    floor: () => floor,
    positionBehind(place) {
      if (comparePlaces(place, floor) < 0) return undefined
      const behind = entries.findLastIndex((entry) => comparePlaces(entry.place, place) <= 0)
      return first + behind + 1
    },
    at: (position) => (position < first ? 'gone' : entries[position - first]),
    more: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return resolve()
        const done = (settle: () => void) => {
          waiting.delete(waiter)
          signal.removeEventListener('abort', waiter.resolve)
          settle()
        }
        const waiter = {
          resolve: () => done(resolve),
          reject: (error: unknown) => done(() => reject(error)),
        }
        waiting.add(waiter)
        signal.addEventListener('abort', waiter.resolve)
        if (isReading) return
        isReading = true
        read().then(
          () => tell('resolve'),
          (error: unknown) => tell('reject', error),
        )
      }),
  }
}

function sizeOf(event: WorkstreamEvent): number {
  return event.type === 'message.created' ? event.message.content.length : 0
}
