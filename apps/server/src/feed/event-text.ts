import type { FeedEvent } from '@arawn/core/wire-event'

/** An event as JSON: the text for who writes it into something, the bytes for who sends them as they are. */
export interface EventText {
  readonly text: string
  readonly bytes: Buffer
}

const known = new WeakMap<FeedEvent, EventText>()

/** Made once, for however many it is told to. */
export function textOf(event: FeedEvent): EventText {
  const found = known.get(event)
  if (found !== undefined) return found
  const text = made(event)
  known.set(event, text)
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
