import type { Json } from './json.js'
import type { ModelBatches } from './model-batches.js'
import type { TokenCounter } from './token-counter.js'

/**
 * A language model behind a profile of the settings. A call is made once: whoever wants it again calls again.
 */
export interface LanguageModel {
  /** Name of its profile in the settings, or of what was found without any: `anthropic`, `ollama`, `offline`. */
  readonly profile: string
  /** What the provider calls it. */
  readonly model: string
  /** What is sent and what is answered fit into this together. */
  readonly windowTokens: number
  /** How long an answer may be, unless a request says less. */
  readonly maxOutputTokens: number
  readonly counter: TokenCounter
  /** In US dollars, for one call; null when its prices or what it used are not known. */
  costOf(usage: ModelUsage): number | null
  /**
   * Streams one answer. The last event is `end`; when the stream fails before, what came until then stays good.
   *
   * Failures before the first event are tried again where that is safe and promises something (a rate limit, a busy or
   * unreachable provider); nothing is tried again once something came.
   *
   * @throws MODEL_OVERFLOW | MODEL_RATE_LIMITED | MODEL_AUTH | MODEL_NOT_FOUND | MODEL_REFUSED | MODEL_UNREACHABLE |
   *   MODEL_FAILED | MODEL_ABORTED on `signal`
   */
  stream(request: ModelRequest): AsyncIterable<ModelEvent>
  /** Where the provider answers many requests later, for less. */
  readonly batches?: ModelBatches | undefined
}

export interface ModelRequest {
  readonly system: string
  /** In any order that a provider accepts: begins with a user, each call is followed by its result. At least one. */
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly ModelTool[] | undefined
  /** So many messages from the beginning will be sent again, unchanged, at the next turn: worth caching. */
  readonly stableMessages?: number | undefined
  readonly maxOutputTokens?: number | undefined
  readonly style?: AnswerStyle | undefined
  readonly signal?: AbortSignal | undefined
  /** Looks up what was said before, for a model that cannot ask by a tool. */
  readonly lookUp?: ((text: string) => Promise<readonly Passage[]>) | undefined
}

/** How a model is to answer. What a provider does not know it leaves out. */
export interface AnswerStyle {
  /** Whether it may call tools, has to, or which one. `auto` by default. */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string } | undefined
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  readonly seed?: number | undefined
  readonly stop?: readonly string[] | undefined
  readonly frequencyPenalty?: number | undefined
  readonly presencePenalty?: number | undefined
  /** JSON, of this schema if there is one. */
  readonly json?:
    | { readonly name?: string | undefined; readonly schema?: { readonly [key: string]: Json } | undefined }
    | undefined
}

export type ModelMessage =
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] }

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: Json
}

export interface ToolResult {
  readonly id: string
  readonly name: string
  readonly output: string
  readonly isError: boolean
}

export interface ModelTool {
  /** `^[a-zA-Z0-9_-]{1,64}$` */
  readonly name: string
  readonly description: string
  /** A JSON schema of an object. */
  readonly parameters: { readonly [key: string]: Json }
}

/** Something that was said before in the same workstream. */
export interface Passage {
  readonly messageId: string
  readonly timestamp: string
  readonly role: string
  readonly text: string
}

export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_call'; readonly call: ToolCall }
  | { readonly type: 'end'; readonly reason: EndReason; readonly usage: ModelUsage }

/** `length`: the answer was cut at its limit. */
export type EndReason = 'stop' | 'length' | 'tool_calls' | 'refused'

/** As it stands in `turn_ended`. What a provider does not say is left out. */
export interface ModelUsage {
  readonly input_tokens?: number
  /** Of those, how many came out of the provider's cache. */
  readonly cached_input_tokens?: number
  readonly output_tokens?: number
}

/** The models that can be asked, by the names of their profiles. */
export interface LanguageModels {
  /**
   * @param name a profile, or `profile/model` for another model of the same provider; null for the default
   * @throws MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING
   */
  open(name: string | null): Promise<LanguageModel>
  /** For people: what there is, the default first. Asks no provider. */
  list(): Promise<readonly ModelProfile[]>
}

export interface ModelProfile {
  readonly profile: string
  readonly provider: string
  readonly model: string
  readonly isDefault: boolean
  /** Why it cannot be used now, such as a variable that is not set. */
  readonly problem: string | null
}
