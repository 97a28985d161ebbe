import type { Message } from '@arawn/core/message'
import { textHash } from './format/text-hash.js'

// What embedders are good at: more says less of each of its parts, and is cut by some in silence.
const MOST_CHARACTERS = 2_000

/**
 * What of a message an embedder is given: what somebody says in it. Calls of tools and their results are found by their
 * words; they are many, long, and seldom what a question means.
 *
 * @returns undefined for nothing
 */
export function embeddedText({ role, content }: Pick<Message, 'role' | 'content'>): string | undefined {
  if (role === 'tool_use' || role === 'tool_result') return undefined
  const text = content.slice(0, MOST_CHARACTERS).trim().toWellFormed()
  return text === '' ? undefined : text
}

/** Tells whether a message still says what a vector was made of. */
export function embeddedHash(text: string): string {
  return textHash(text)
}
