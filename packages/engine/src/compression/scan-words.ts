/** Goes once over a text and shows its words: what stands between blanks and the marks that end a name or a path. */

/** @param visit gets a word and where it begins and ends in the text */
export function scanWords(
  text: string,
  start: number,
  end: number,
  visit: (word: string, from: number, to: number) => void,
): void {
  let at = start
  while (at < end) {
    const first = text.charCodeAt(at)
    if (first < 128 ? WORD[first] === 0 : !isLetterBesideAscii(first)) {
      // `\n` in a quoted text is a break, and its letter does not begin the next word.
      at += first === BACKSLASH && at + 1 < end && isEscaped(text.charCodeAt(at + 1)) ? 2 : 1
      continue
    }
    let to = at + 1
    let isUrl = false
    for (; to < end; to++) {
      const code = text.charCodeAt(to)
      if (code >= 128 ? isLetterBesideAscii(code) : WORD[code] === 1) continue
      if (code === BACKSLASH && isDrive(text, at)) continue
      isUrl = URL_MARKS.includes(text[to] ?? '') && hasScheme(text.slice(at, Math.min(to, at + 24)))
      break
    }
    if (isUrl) {
      while (to < end && isUrlLetter(text.charCodeAt(to))) to++
      to = withoutClosing(text, at, to)
    }
    if (to - at > 1) visit(text.slice(at, to), at, to)
    at = to
  }
}

const URL_MARKS = '=&;,()'
const BACKSLASH = 0x5c
const COLON = 0x3a

function hasScheme(word: string): boolean {
  return word.indexOf('://') > 0
}

function isEscaped(code: number): boolean {
  return code === 0x6e || code === 0x72 || code === 0x74 || code === 0x65
}

/** `C:\` begins a path in which backslashes are letters. */
function isDrive(text: string, from: number): boolean {
  return text.charCodeAt(from + 1) === COLON && text.charCodeAt(from + 2) === BACKSLASH
}

// The letters of names, paths, versions, addresses. `=` is not one of them: `--title=x` is two words.
const WORD = asciiTable(/[\w.\-/:@#$%+~*!?]/)
const URL_LETTERS = asciiTable(/[\w.\-/:@#$%+~*!?=&;,()]/)

function asciiTable(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0))
}

function isUrlLetter(code: number): boolean {
  return code < 128 ? URL_LETTERS[code] === 1 : isLetterBesideAscii(code)
}

/** Of scripts that set blanks between words: Latin, Greek, Cyrillic; and µ ° € £ ¥ ‰ beside numbers. */
function isLetterBesideAscii(code: number): boolean {
  return (
    (code >= 0xc0 && code <= 0x52f) ||
    code === 0xb5 ||
    code === 0xb0 ||
    code === 0x20ac ||
    code === 0xa3 ||
    code === 0xa5 ||
    code === 0x2030
  )
}

/** `(see https://x.org/a)` ends before the bracket, `https://x.org/a_(b)` does not. */
function withoutClosing(text: string, from: number, to: number): number {
  const url = text.slice(from, to)
  let end = url.length
  let open = 0
  for (const letter of url) if (letter === '(') open++
  let closed = 0
  for (const letter of url) if (letter === ')') closed++
  while (end > 0) {
    const last = url[end - 1]
    if (last === ')' && closed > open) closed--
    else if (last !== ',' && last !== ';' && last !== '(') break
    else if (last === '(') open--
    end--
  }
  return from + end
}
