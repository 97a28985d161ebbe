import type { DurableEvent, FeedEvent } from '@arawn/core/wire-event'

/** An event as JSON: the text for who writes it into something, the bytes for who sends them as they are. */
export interface EventText {
  readonly text: string
  readonly bytes: Buffer
}

const known = new WeakMap<DurableEvent, EventText>()

/** What lies in the logs is made once, for however many it is told to. */
export function textOf(event: FeedEvent): EventText {
  if (event.type === 'turn.delta') return made(event)
  const found = known.get(event as DurableEvent)
  if (found !== undefined) return found
  const text = made(event)
  known.set(event as DurableEvent, text)
  return text
}

function made(event: FeedEvent): EventText {
  const text = JSON.stringify(event)
  let bytes: Buffer | undefined
  return {
    text,
    get bytes() {
      bytes ??= Buffer.from(text)
      return bytes
    },
  }
}
