import type { ProviderRefusal, ProviderSpeech } from '../provider-answer.js'

/** How a provider of one format puts things. */
export interface Wire {
  /** The frames of a stream: what comes before its end, each piece by itself, and the end. */
  stream(speech: ProviderSpeech, model: string): StreamFrames
  /** The same as one body, for who does not ask for a stream. */
  whole(speech: ProviderSpeech, model: string): unknown
  refusal(refusal: ProviderRefusal, model: string): { readonly status: number; readonly body: unknown }
  /** An error that comes inside of a stream. */
  readonly errorFrame: string
}

export interface StreamFrames {
  readonly pieces: readonly string[]
  readonly end: readonly string[]
  /** How many of the last pieces come behind the first half of the last call's arguments. */
  readonly behindHalfCall: number
}

/** Halves, so that what the parts of a call are put together from is more than one piece. */
export function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '')
}
