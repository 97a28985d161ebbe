import type { FeedEvent } from '@arawn/core/wire-event'
import { textFrame } from '../socket/text-frame.js'

/** An event as JSON: the text for who writes it into something, the frame for sockets. */
export interface EventText {
  readonly text: string
  readonly frame: Buffer
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
  let frame: Buffer | undefined
  return {
    text,
    get frame() {
      frame ??= textFrame(Buffer.from(text))
      return frame
    },
  }
}
