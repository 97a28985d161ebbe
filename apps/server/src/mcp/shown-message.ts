import type { Message } from '@arawn/core/message'

// What one message may take of a model's room; all of it can be exported.
const MAX_CHARACTERS = 20_000

/** A message as a model reads it. */
export function shownMessage({ sequence, id, session_id, timestamp, role, author, content, metadata }: Message) {
  const isCut = content.length > MAX_CHARACTERS
  const tool = typeof metadata?.tool_name === 'string' ? metadata.tool_name : undefined
  return {
    sequence,
    id,
    session_id,
    timestamp,
    role,
    ...(author !== undefined && { author }),
    ...(tool !== undefined && { tool }),
    ...(role === 'tool_use' && { arguments: metadata?.arguments ?? {} }),
    content: isCut ? content.slice(0, MAX_CHARACTERS).toWellFormed() : content,
    ...(isCut && { cut_from: content.length }),
  }
}

/** The same in lines: who said it and when, then what. */
export function messageText(message: Message): string {
  const { sequence, timestamp, role, author, tool, content, cut_from: whole, ...more } = shownMessage(message)
  const by = [role, tool, author].filter((part) => part !== undefined).join(' ')
  const said = 'arguments' in more && content === '' ? JSON.stringify(more.arguments) : content
  const cut = whole === undefined ? '' : `\n[cut here: ${whole} characters in all]`
  return `[#${sequence} ${by}, ${timestamp}]\n${said}${cut}`
}
