import type { Route } from '@arawn/core/protocol'

/** One question to the server, before it is sent. */
export interface Request {
  readonly method: Route['method']
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined
  /** Sent twice it does what it does once. */
  readonly isRepeatable: boolean
  /** Until its answer begins; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal | undefined
}
