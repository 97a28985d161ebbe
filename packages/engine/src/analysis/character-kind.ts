/** What a character is to words. */
export const KIND = { separator: 0, letter: 1, connector: 2, spaceless: 3 } as const

/**
 * Letters of scripts that are written without spaces between words. Hangul has spaces, but puts endings to its words that
 * no stemmer here knows.
 */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc\uff70]/u
const WORD = /[\p{L}\p{N}\p{M}]/u

const UNKNOWN = 255
const kinds = new Uint8Array(0x10000).fill(UNKNOWN)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  kinds[code] = /[a-z0-9]/i.test(char) ? KIND.letter : /[-_.]/.test(char) ? KIND.connector : KIND.separator
}

/** @param code a UTF-16 unit or a code point */
export function kindOf(code: number): number {
  const known = kinds[code]
  if (known !== undefined && known !== UNKNOWN) return known
  const char = String.fromCodePoint(code)
  const kind = !WORD.test(char) ? KIND.separator : SPACELESS.test(char) ? KIND.spaceless : KIND.letter
  if (code < kinds.length) kinds[code] = kind
  return kind
}
