import type { Message } from '@arawn/core/message'
import type { CountText } from '../context.js'
import { unlabelled } from './labels.js'
import { argumentsOf } from './tool-arguments.js'

/** What of a message can be echoed. */
export function echoedText(message: Message): string {
  return (message.role === 'tool_use' ? JSON.stringify(argumentsOf(message)) : message.content).trim()
}

/** The same, or a passage of it, as it may stand among echoes. */
export function safeEcho(message: Message, passage: string | undefined): string {
  return unlabelled(passage ?? echoedText(message))
}

/** Most texts are so short that nobody has to count their tokens. */
export function isShort(text: string, limit: number, count: CountText): boolean {
  return text.length * TOKENS_PER_UNIT <= limit || count(text) <= limit
}

// A UTF-16 unit has three bytes of UTF-8 at the most, and no token is shorter than a byte.
const TOKENS_PER_UNIT = 3
