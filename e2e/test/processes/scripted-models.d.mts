import type { LanguageModels, ModelRequest } from '@arawn/core/language-model'
import type { TokenCounter } from '@arawn/core/token-counter'

export function promoting(): LanguageModels & { readonly counter: TokenCounter }
export function answering(): LanguageModels & {
  readonly requests: readonly ModelRequest[]
  readonly counter: TokenCounter
}
