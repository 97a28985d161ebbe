import type { LanguageModel, ModelRequest } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import type { RunnableTool } from './chat-tools.js'
import type { TurnPlace } from './turn-log.js'

export interface ContextInput {
  readonly workstream: Workstream
  readonly place: TurnPlace
  /** The message that began the turn. */
  readonly message: Message
  readonly model: LanguageModel
  readonly tools: readonly RunnableTool[]
}

/** What the model is sent now. */
export type ContextOf = (input: ContextInput) => Promise<Pick<ModelRequest, 'system' | 'messages' | 'stableMessages'>>
