import type { EndReason, ModelUsage, ToolCall } from '@arawn/core/language-model'

/** What a scripted provider does with one request, whichever wire format was spoken. */
export type ProviderAnswer = ProviderSpeech | ProviderVectors | ProviderRefusal | ProviderBody

export interface ProviderSpeech {
  /** The text, in the pieces in which it is sent. */
  readonly text?: readonly string[]
  readonly calls?: readonly ToolCall[]
  /** The last call stops in the middle of its arguments. */
  readonly cutInCall?: boolean
  readonly usage?: ModelUsage
  /** What the model gives as its reason to stop; by default `tool_calls` if there are any, else `stop`. */
  readonly reason?: EndReason
  /** Waited before each piece. */
  readonly pauseMs?: number
  /** Waited for before each piece, as it goes over the wire: a test holds the provider here. */
  readonly before?: (piece: string) => Promise<unknown>
  /**
   * How the stream ends: as it should; the connection reset behind the last piece; closed there without a word;
   * a piece that is no JSON; an error inside of the stream; or never.
   */
  readonly ending?: 'whole' | 'reset' | 'closed' | 'malformed' | 'error' | 'silence'
}

/** Of texts, where vectors are asked for. */
export interface ProviderVectors {
  readonly vectors: readonly (readonly number[])[]
  /** Waited for before they are sent: a test holds the provider here. */
  readonly before?: () => Promise<unknown>
}

export interface ProviderRefusal {
  readonly refuses: RefusalKind
  /** The header `retry-after`, as it is sent. */
  readonly retryAfter?: string
  /** Added to the message, such as a key that the provider repeats. */
  readonly says?: string
}

/** What some provider sends, byte for byte. */
export interface ProviderBody {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export type RefusalKind =
  | 'bad_key'
  | 'forbidden'
  | 'no_model'
  | 'overflow'
  | 'policy'
  | 'rate_limit'
  | 'no_quota'
  | 'failed'
  | 'overloaded'
  | 'not_json'

export function isRefusal(answer: ProviderAnswer): answer is ProviderRefusal {
  return 'refuses' in answer
}

export function isVectors(answer: ProviderAnswer): answer is ProviderVectors {
  return 'vectors' in answer
}

export function isBody(answer: ProviderAnswer): answer is ProviderBody {
  return 'body' in answer
}

export function reasonOf({ reason, calls }: ProviderSpeech): EndReason {
  return reason ?? (calls === undefined || calls.length === 0 ? 'stop' : 'tool_calls')
}
