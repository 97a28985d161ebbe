/** Where the character that a reader sees at this place begins: a letter with its marks, or a whole emoji, is one. */
export function graphemeBegin(text: string, at: number): number {
  if (at <= 0 || at >= text.length || isPlain(text, at)) return at
  const from = Math.max(0, at - REACH)
  return from + (segments(text.slice(from, at + REACH)).containing(at - from)?.index ?? at - from)
}

/** Where the one before this place ends. */
export function graphemeEnd(text: string, at: number): number {
  if (at <= 0 || at >= text.length || isPlain(text, at)) return at
  const from = Math.max(0, at - 1 - REACH)
  const last = segments(text.slice(from, at + REACH)).containing(at - 1 - from)
  return last === undefined ? at : from + last.index + last.segment.length
}

/** Letters of ASCII on both sides are two characters. */
function isPlain(text: string, at: number): boolean {
  return isPrintable(text.charCodeAt(at - 1)) && isPrintable(text.charCodeAt(at))
}

function isPrintable(code: number): boolean {
  return code >= 0x20 && code < 0x7f
}

// No emoji is longer, and what is not one may be cut.
const REACH = 64

let segmenter: Intl.Segmenter | undefined

// Made when it is needed: the first segmenter of a process takes it some 20 ms.
function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}
