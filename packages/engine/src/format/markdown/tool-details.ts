import type { Message } from '@arawn/core/message'
import { fencedText } from './fenced-text.js'

/** What a tool was given or gave back, folded: its summary says how much there is. */
export function toolDetails({ role, content, metadata }: Message): string {
  const failed = role === 'tool_result' && metadata?.is_error === true
  const shown = role === 'tool_use' ? callText(content, metadata?.arguments) : content
  const what = role === 'tool_use' ? 'Input' : failed ? 'Error' : 'Output'
  const summary = `${what}, ${shown.length} character${shown.length === 1 ? '' : 's'}`
  return `<details>\n<summary>${summary}</summary>\n\n${fencedText(shown, languageOf(shown))}\n\n</details>\n`
}

/** Arguments are easier to read line by line; not when it would make other arguments of them. */
function callText(content: string, args: unknown): string {
  if (content === '') return args === undefined ? '' : JSON.stringify(args, undefined, 2)
  const value = parsed(content)
  return JSON.stringify(value) === content ? JSON.stringify(value, undefined, 2) : content
}

function languageOf(text: string): string {
  return /^\s*[[{]/.test(text) && parsed(text) !== undefined ? 'json' : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
