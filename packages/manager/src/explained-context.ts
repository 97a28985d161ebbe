import type { FittingContext } from '@arawn/engine/context'

export type { ContextChange, ContextPart } from '@arawn/engine/context'

export interface ExplainContextInput {
  /** What somebody would say next; by default the last turn is shown as it is. */
  message?: string | undefined
  /** As for `chat`. */
  model?: string | undefined
}

export type ExplainedContext = Omit<FittingContext, 'fits'> & {
  /** `profile/model`. */
  readonly model: string
  readonly windowTokens: number
}
