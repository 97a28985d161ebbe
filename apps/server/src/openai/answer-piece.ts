import type { EndReason, ModelUsage, ToolCall } from '@arawn/core/language-model'

/** An answer as it comes; the last piece is `end`. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  /** Of a tool that the client runs. */
  | { readonly type: 'call'; readonly call: ToolCall }
  | { readonly type: 'end'; readonly reason: EndReason; readonly usage: ModelUsage | null }
