import type { FoundMessage } from '@arawn/core/search-operations'
import type { Colours } from './colours.js'
import { escapeUnsafe, printableLine } from './printable.js'

/** A hit for people: where, when and who on one line, then the passage with what was found in it. */
export function foundMessageText(found: FoundMessage, colours: Colours): string {
  const { message, workstream_id, snippet, highlights } = found
  const { sequence, timestamp, role, author } = message
  const who = `${role}${author === undefined ? '' : ` (${author})`}`
  const head = `${colours.dim(`${workstream_id} ${sequence}  ${timestamp}`)}  ${colours.bold(printableLine(who))}`
  let shown = ''
  let end = 0
  for (const [from, to] of highlights) {
    shown += escapeUnsafe(snippet.slice(end, from)) + colours.cyan(escapeUnsafe(snippet.slice(from, to)))
    end = to
  }
  return `${head}\n  ${shown}${escapeUnsafe(snippet.slice(end))}\n`
}
