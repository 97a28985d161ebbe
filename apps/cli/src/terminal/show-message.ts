import type { Message } from '@arawn/core/message'
import type { Colours } from './colours.js'
import { printable, printableLine } from './printable.js'

// A tool's input and output are often longer than the conversation about them.
const TOOL_CHARACTERS = 200

export function messageText(message: Message, colours: Colours): string {
  const { timestamp, role, author, content, metadata, sequence } = message
  const tool = typeof metadata?.tool_name === 'string' ? ` ${metadata.tool_name}` : ''
  const failed = role === 'tool_result' && metadata?.is_error === true ? ' (error)' : ''
  const who = `${role}${tool}${failed}${author === undefined ? '' : ` (${author})`}`
  const head = `${colours.dim(`${sequence}  ${timestamp}`)}  ${colours.bold(printableLine(who))}`
  const isTool = role === 'tool_use' || role === 'tool_result'
  const text = isTool ? shortened(printableLine(content)) : printable(content)
  return `${head}\n${text.replace(/^/gm, '  ')}\n`
}

function shortened(text: string): string {
  return text.length <= TOOL_CHARACTERS ? text : `${text.slice(0, TOOL_CHARACTERS)}… (${text.length} characters)`
}
