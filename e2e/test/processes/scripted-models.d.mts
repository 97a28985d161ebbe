import type { LanguageModels, ModelRequest } from '@arawn/core/language-model'

export function answering(): LanguageModels & { readonly requests: readonly ModelRequest[] }
