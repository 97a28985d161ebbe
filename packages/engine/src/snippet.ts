import type { SearchExpression } from '@arawn/core/search'
import type { SearchTerm, TextAnalyzer, TokenPlace } from '@arawn/core/text-analyzer'
import { graphemeBegin, graphemeEnd } from './analysis/grapheme.js'

/** A passage of a message that shows why it was found. */
export interface Snippet {
  /** One line; control characters are spaces, and `…` stands where it was cut. */
  readonly text: string
  /** UTF-16 offsets into `text`: ascending, without overlaps. */
  readonly highlights: readonly (readonly [from: number, to: number])[]
}

interface Match {
  readonly from: number
  readonly to: number
  /** Which of the terms it is. */
  readonly term: number
}

// A message may be megabytes long. Pieces are looked at one after the other until one has a match.
const PIECE_CHARACTERS = 32_768
// What stands before the first match, to be read into it.
const LEAD_CHARACTERS = 40

/** @param length of the passage, in UTF-16 units; a little more when marks are added */
export function snippetOf(
  text: string,
  { alternatives }: SearchExpression,
  analyzer: TextAnalyzer,
  { length = 160 }: { length?: number } = {},
): Snippet {
  const terms = alternatives.flat()
  for (let start = 0; start < text.length; start += PIECE_CHARACTERS) {
    // Words at the border are whole in one of the two pieces.
    const piece = text.slice(start, start + PIECE_CHARACTERS + length)
    const matches = matchesIn(analyzer.placesOf(piece), terms)
    if (matches.length > 0)
      return cut(
        text,
        bestWindow(
          matches.map(({ from, to, term }) => ({ from: from + start, to: to + start, term })),
          length,
        ),
        length,
      )
  }
  return cut(text, [], length)
}

function matchesIn(places: readonly TokenPlace[], terms: readonly SearchTerm[]): Match[] {
  const found: Match[] = []
  for (const [term, { words, whole, prefix, also = [] }] of terms.entries()) {
    const alone = [...(words.length === 1 ? words : []), ...(whole === undefined ? [] : [whole])]
    const isGoal = goals(alone, also, prefix)
    for (const { from, to, word, forms } of places)
      if ((word !== undefined && isGoal(word)) || forms.some(isGoal)) found.push({ from, to, term })
    if (words.length > 1) for (const { from, to } of phrasesIn(places, words, prefix)) found.push({ from, to, term })
  }
  return found.sort((a, b) => a.from - b.from || b.to - a.to)
}

/** Tells tokens that are one of these, or begin with one of `alone` where it may go on. */
function goals(alone: readonly string[], also: readonly string[], prefix: boolean): (token: string) => boolean {
  const exact = new Set([...alone, ...also])
  return (token) => exact.has(token) || (prefix && alone.some((goal) => token.startsWith(goal)))
}

/** @param prefix the last word may go on */
function phrasesIn(places: readonly TokenPlace[], wanted: readonly string[], prefix: boolean) {
  const words = places.filter((place) => place.word !== undefined)
  const last = wanted.length - 1
  const is = (token: string | undefined, goal: string, mayGoOn: boolean) =>
    token !== undefined && (token === goal || (mayGoOn && token.startsWith(goal)))
  const found: { readonly from: number; readonly to: number }[] = []
  for (let at = 0; at + last < words.length; at++) {
    const matches = wanted.every((goal, index) => is(words[at + index]?.word, goal, prefix && index === last))
    const [first, end] = [words[at], words[at + last]]
    if (matches && first !== undefined && end !== undefined) found.push({ from: first.from, to: end.to })
  }
  return found
}

/** The matches of the passage with most different terms; of several the first. */
function bestWindow(matches: readonly Match[], length: number): Match[] {
  const room = length - LEAD_CHARACTERS
  let best: Match[] = []
  let bestTerms = 0
  let end = 0
  for (const [start, first] of matches.entries()) {
    end = Math.max(end, start)
    while ((matches[end]?.to ?? Number.POSITIVE_INFINITY) <= first.from + room) end++
    const within = matches.slice(start, Math.max(end, start + 1))
    const terms = new Set(within.map(({ term }) => term)).size
    if (terms <= bestTerms) continue
    best = within
    bestTerms = terms
  }
  return best
}

function cut(text: string, matches: readonly Match[], length: number): Snippet {
  const first = matches[0]?.from ?? 0
  // A short text is shown whole, and near its end the passage reaches back.
  const start = Math.max(0, Math.min(first - LEAD_CHARACTERS, text.length - length))
  const from = start === 0 ? 0 : wordBorder(text, start, Math.max(start, first))
  const to = Math.min(text.length, from + length)
  return oneLine(text, graphemeBegin(text, from), graphemeBegin(text, to), matches)
}

/** The next begin of a word, if there is one soon. */
function wordBorder(text: string, from: number, latest: number): number {
  for (let at = from; at < Math.min(latest, from + LEAD_CHARACTERS / 2); at++)
    if (/\s/.test(text.charAt(at))) return at + 1
  return from
}

function oneLine(text: string, from: number, to: number, matches: readonly Match[]): Snippet {
  let out = from > 0 ? '…' : ''
  /** For each unit of the passage, where it stands in `out`. */
  const places: number[] = []
  for (let at = from; at < to; at++) {
    const char = text.charAt(at)
    const isSpace = !isPlain(text.charCodeAt(at)) && BLANK.test(char)
    places.push(isSpace && (out === '' || out.endsWith(' ')) ? Math.max(0, out.length - 1) : out.length)
    if (!isSpace) out += char
    else if (out !== '' && !out.endsWith(' ')) out += ' '
  }
  places.push(out.length)
  if (to < text.length) out += '…'
  const highlights: [number, number][] = []
  for (const match of matches) {
    if (match.from < from || match.from >= to) continue
    const start = places[Math.max(from, graphemeBegin(text, match.from)) - from] ?? 0
    const end = places[Math.min(graphemeEnd(text, match.to), to) - from] ?? out.length
    const last = highlights.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else if (end > start) highlights.push([start, end])
  }
  return { text: out.toWellFormed(), highlights }
}

/** Most characters of most texts: those of ASCII that can be seen. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f
}

/** White space, and characters that steer a terminal or turn the direction of text. */
const BLANK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
