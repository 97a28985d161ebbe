import type { Message } from '@arawn/core/message'

/** What of a message can be found: what it says, and what a tool was called with. */
export function searchableText({ content, metadata }: Pick<Message, 'content' | 'metadata'>): string {
  const called = metadata?.arguments
  if (content !== '' || called === undefined) return content
  return typeof called === 'string' ? called : JSON.stringify(called)
}
