/** How the room in a model's window is shared out. Shares are of what may be sent. */
export interface ContextPolicy {
  /** So many messages before the new one stay whole (`workstreams.context_window`). */
  readonly window: number
  /** The window slides only after it has grown by so many messages: each slide costs the provider's cache. */
  readonly windowStep: number
  /** Most that all summaries get. */
  readonly summaryShare: number
  /** Of that, what the specifics of their ledgers get at least; what the texts leave over is theirs, too. */
  readonly ledgerShare: number
  /** Of the room for what is raw, what the current turn keeps when it is too large, before earlier turns give way. */
  readonly turnShare: number
  /** Kept for echoes, whether there are any or not: what is raw must not depend on them. */
  readonly echoShare: number
  /** When raw messages have to be summarized, so many that what stays raw takes at most this share of its room. */
  readonly compressToShare: number
  /** Older tool results above this many tokens are stubbed. */
  readonly stubAboveTokens: number
  /** Nothing is cut to less than this. */
  readonly cutFloorTokens: number
}

export const defaultContextPolicy: ContextPolicy = {
  window: 50,
  windowStep: 25,
  summaryShare: 0.3,
  ledgerShare: 0.3,
  turnShare: 0.5,
  echoShare: 0.1,
  compressToShare: 0.6,
  stubAboveTokens: 200,
  cutFloorTokens: 100,
}
