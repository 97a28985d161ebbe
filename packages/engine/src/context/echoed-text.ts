import type { Message } from '@arawn/core/message'
import { argumentsOf } from './tool-arguments.js'

/** What of a message is shown when it is echoed. */
export function echoedText(message: Message): string {
  return message.role === 'tool_use' ? JSON.stringify(argumentsOf(message)) : message.content
}
