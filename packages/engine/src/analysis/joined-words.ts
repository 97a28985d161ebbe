/**
 * Words with single spaces between them. Those of ASCII are written as bytes, which become one string at the end instead
 * of hundreds that are looked up, joined and collected.
 */
export interface JoinedWords {
  readonly bytes: Uint8Array
  /** Where in `bytes` the next word begins. There is room for one of up to 64 bytes, which `wrote` then tells of. */
  begin(): number
  /** @param end where the word that began there ends */
  wrote(end: number): void
  /** Any word, or several with single spaces between them. */
  add(words: string): void
  /** All of them, in order; what is added later begins another text. */
  take(): string
}

export function createJoinedWords(): JoinedWords {
  const bytes = new Uint8Array(PIECE_BYTES)
  const decoder = new TextDecoder()
  let pieces: string[] = []
  let used = 0

  function endPiece(): void {
    // Without the space behind the last word.
    if (used > 0) pieces.push(decoder.decode(bytes.subarray(0, used - 1)))
    used = 0
  }

  function begin(): number {
    if (used + LONGEST_WORD >= PIECE_BYTES) endPiece()
    return used
  }

  function wrote(end: number): void {
    bytes[end] = SPACE
    used = end + 1
  }

  return {
    bytes,
    begin,
    wrote,
    add(words) {
      if (words.length <= LONGEST_WORD && isAscii(words)) {
        const place = begin()
        for (let at = 0; at < words.length; at++) bytes[place + at] = words.charCodeAt(at)
        wrote(place + words.length)
      } else {
        endPiece()
        pieces.push(words)
      }
    },
    take() {
      endPiece()
      const [only = ''] = pieces
      const all = pieces.length < 2 ? only : pieces.join(' ')
      pieces = []
      return all
    },
  }
}

// As much as most messages have.
const PIECE_BYTES = 16 * 1024
const LONGEST_WORD = 64
const SPACE = 0x20

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}
