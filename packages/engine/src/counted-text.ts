import type { Message } from '@arawn/core/message'
import { argumentsOf } from './context/tool-arguments.js'
import { toolNameOf } from './context/tool-name.js'

/** What of a message is sent to a model, and so what its tokens are counted of. */
export function countedText(message: Message): string {
  if (message.role !== 'tool_use') return message.content.toWellFormed()
  return `${toolNameOf(message)} ${JSON.stringify(argumentsOf(message))}`
}
