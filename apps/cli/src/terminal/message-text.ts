import type { Message } from '@arawn/core/message'
import type { Colours } from './colours.js'
import { printable, printableLine } from './printable.js'

// A tool's input and output are often longer than the conversation about them.
const TOOL_CHARACTERS = 200

/** A message for people: who and when on one line, then what was said; of tools only the beginning. */
export function messageText(message: Message, colours: Colours): string {
  const { timestamp, role, author, content, metadata, sequence } = message
  const tool = typeof metadata?.tool_name === 'string' ? ` ${metadata.tool_name}` : ''
  const failed = role === 'tool_result' && metadata?.is_error === true ? ' (error)' : ''
  const who = `${role}${tool}${failed}${author === undefined ? '' : ` (${author})`}`
  const head = `${colours.dim(`${sequence}  ${timestamp}`)}  ${colours.bold(printableLine(who))}`
  const text = role === 'tool_use' || role === 'tool_result' ? toolText(content, metadata) : printable(content)
  return `${head}\n${text.replace(/^/gm, '  ')}\n`
}

function toolText(content: string, metadata: Message['metadata']): string {
  const said = content === '' && metadata?.arguments !== undefined ? JSON.stringify(metadata.arguments) : content
  const characters = [...said.slice(0, 4 * TOOL_CHARACTERS)]
  if (said.length <= TOOL_CHARACTERS) return printableLine(said)
  return `${printableLine(characters.slice(0, TOOL_CHARACTERS).join(''))}… (${said.length} characters)`
}
