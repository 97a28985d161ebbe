import { fencedText } from './fenced-text.js'
import { findHtml } from './find-html.js'

// Parsing takes about a second a megabyte; texts of this size are hardly prose.
const MOST_PARSED = 500_000
// Tags in tags show one after the other: after so many looks all that is left is taken at once.
const LOOKS = 6

/**
 * Somebody's Markdown as a block quote. A quote ends where its lines end, so headings, lists and fences that were left
 * open stay inside. HTML would not: a backslash before each piece makes it visible text. Code is left as it is.
 */
export function quotedText(text: string): string {
  let shown = quoted(text)
  if (!BEGINS_HTML.test(shown)) return shown
  if (text.length > MOST_PARSED) return quoted(fencedText(text))
  for (let look = 1; look <= LOOKS; look++) {
    const found = findHtml(shown)
    if (found.length === 0) return shown
    shown = escaped(shown, look < LOOKS ? found.map(({ start }) => ({ start, end: start + 1 })) : found)
  }
  return findHtml(shown).length === 0 ? shown : quoted(fencedText(text))
}

const BEGINS_HTML = /<[a-z/!?]/i

function quoted(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map((line) => (line === '' ? '>\n' : `> ${line}\n`))
  return lines.join('')
}

/** A backslash before each "<" in these places. */
function escaped(text: string, places: readonly { start: number; end: number }[]): string {
  let done = ''
  let from = 0
  for (const { start, end } of places) {
    done += text.slice(from, start) + text.slice(start, end).replaceAll('<', '\\<')
    from = end
  }
  return done + text.slice(from)
}
