import type { ContextBudget } from './context.js'

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
  /** Echoes get no more than this, however large the window: they are sent anew with every turn. */
  readonly maxEchoTokens: number
  /** Of the room for echoes, what the newest messages get, those included that are raw. */
  readonly recentShare: number
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
  echoShare: 0.2,
  maxEchoTokens: 4_000,
  recentShare: 0.25,
  compressToShare: 0.6,
  stubAboveTokens: 200,
  cutFloorTokens: 100,
}

/** What may be sent, in counted tokens. */
export function budgetTokensOf({
  windowTokens,
  maxOutputTokens,
  errorShare,
}: Pick<ContextBudget, 'windowTokens' | 'maxOutputTokens' | 'errorShare'>): number {
  return Math.floor((windowTokens - maxOutputTokens) * (1 - errorShare))
}

/** Tokens that echoes can have in a context of so many. */
export function echoRoomOf(budgetTokens: number, { echoShare, maxEchoTokens }: ContextPolicy): number {
  return Math.min(Math.floor(budgetTokens * echoShare), maxEchoTokens)
}

/** What one echo may take of the room for all. */
export function largestEcho(echoRoom: number): number {
  return Math.min(echoRoom, Math.max(LARGEST_ECHO_TOKENS, Math.floor(echoRoom * LARGEST_ECHO_SHARE)))
}

// So that there is room for others.
const LARGEST_ECHO_SHARE = 0.15
const LARGEST_ECHO_TOKENS = 120
