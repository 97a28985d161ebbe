import type { LanguageModel, ModelRequest } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import type { Desk } from '../operations/desk.js'
import { readMessages } from '../reading/read-messages.js'
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

// Until contexts are assembled: the newest messages in words.
export function createContextOf({ index, log, ask }: Desk): ContextOf {
  return ({ workstream, message }) =>
    ask(async () => {
      const page = await index.messages({ workstreamId: workstream.id, limit: 50 })
      const messages = await readMessages(log, workstream.id, page.items)
      return {
        system: '',
        messages: messages.map(({ role, content }) =>
          role === 'assistant'
            ? { role: 'assistant', content, toolCalls: [] }
            : { role: 'user', content: content || message.id },
        ),
      }
    })
}
