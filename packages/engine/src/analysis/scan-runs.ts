import { KIND, kindOf } from './character-kind.js'

/**
 * Cuts a text into runs: `compound` is letters and digits, with single `-`, `_` and `.` between them; `spaceless` is
 * letters of a script without spaces. All that is left separates.
 */
export interface RunVisitor {
  compound(from: number, to: number): void
  spaceless(from: number, to: number): void
}

export function scanRuns(text: string, visitor: RunVisitor): void {
  for (let at = 0; at < text.length; ) at = scanRun(text, at, visitor)
}

/**
 * Visits the run that begins at a place, if one does.
 *
 * @param from not within a run
 * @returns where to go on: behind the run, or behind the one character that separates
 */
export function scanRun(text: string, from: number, visitor: RunVisitor): number {
  const { length } = text
  const kind = kindAt(text, from)
  let at = from + widthAt(text, from)
  if (kind === KIND.letter) {
    for (;;) {
      // Most of most texts: letters of ASCII, looked up without a call.
      while (at < length && asciiLetters[text.charCodeAt(at)] === 1) at++
      if (at >= length) break
      const next = kindAt(text, at)
      if (next === KIND.connector) {
        if (at + 1 >= length || kindAt(text, at + 1) !== KIND.letter) break
        at++
      } else if (next !== KIND.letter) break
      at += widthAt(text, at)
    }
    visitor.compound(from, at)
  } else if (kind === KIND.spaceless) {
    while (at < length && (kindAt(text, at) === KIND.spaceless || isMark(text, at))) at += widthAt(text, at)
    visitor.spaceless(from, at)
  }
  return at
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 0xd800 || code > 0xdfff) return kindOf(code)
  const point = text.codePointAt(at) ?? 0
  // Half of a pair stands for nothing.
  return point > 0xffff ? kindOf(point) : KIND.separator
}

function widthAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xd800 && code <= 0xdbff && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

const asciiLetters = Uint8Array.from({ length: 128 }, (_, code) => (kindOf(code) === KIND.letter ? 1 : 0))

/** Vowel signs and tone marks belong to the letter before them. */
function isMark(text: string, at: number): boolean {
  return text.charCodeAt(at) > 127 && /\p{M}/u.test(text.charAt(at))
}
