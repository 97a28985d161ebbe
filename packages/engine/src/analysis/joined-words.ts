/**
 * Words with single spaces between them. Those of ASCII are written as bytes, which become one string at the end instead
 * of hundreds that are looked up, joined and collected.
 */
export interface JoinedWords {
  /** Where bytes are written to. */
  readonly view: DataView
  /** Makes room for so many times `WORDS_ROOM` bytes, and some more. @returns where the first word begins */
  begin(times: number): number
  /** Writes the space behind words. @returns where the next ones begin */
  wrote(end: number): number
  /** @param place where `wrote` said that the next ones would begin */
  end(place: number, words: number): void
  /** Any word, or several with single spaces between them. */
  add(words: string): void
  /** All of them, in order, and how many; what is added later begins another text. */
  take(): { words: string; wordCount: number }
}

/** Words of a run, and the space behind them. */
export const WORDS_ROOM = 64

export function createJoinedWords(): JoinedWords {
  const bytes = new Uint8Array(PIECE_BYTES)
  const view = new DataView(bytes.buffer)
  const decoder = new TextDecoder()
  let pieces: string[] = []
  let used = 0
  let wordCount = 0

  function endPiece(): void {
    // Without the space behind the last word.
    if (used > 0) pieces.push(decoder.decode(bytes.subarray(0, used - 1)))
    used = 0
  }

  function begin(times: number): number {
    if (used + times * WORDS_ROOM + QUAD > PIECE_BYTES) endPiece()
    return used
  }

  function wrote(end: number): number {
    bytes[end] = SPACE
    return end + 1
  }

  return {
    view,
    begin,
    wrote,
    end(place, words) {
      used = place
      wordCount += words
    },
    add(words) {
      wordCount += countWords(words)
      if (words.length < WORDS_ROOM && isAscii(words)) {
        const place = begin(1)
        for (let at = 0; at < words.length; at++) bytes[place + at] = words.charCodeAt(at)
        used = wrote(place + words.length)
      } else {
        endPiece()
        pieces.push(words)
      }
    },
    take() {
      endPiece()
      const [only = ''] = pieces
      const taken = { words: pieces.length < 2 ? only : pieces.join(' '), wordCount }
      pieces = []
      wordCount = 0
      return taken
    },
  }
}

/** @param words not empty */
export function countWords(words: string): number {
  let count = 1
  for (let at = 0; at < words.length; at++) if (words.charCodeAt(at) === SPACE) count++
  return count
}

// As much as most messages have, and more than the runs that are looked up at once.
const PIECE_BYTES = 16 * 1024
// So many bytes are written at once, whatever is needed of them.
const QUAD = 4
const SPACE = 0x20

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}
