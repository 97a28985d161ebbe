/**
 * Where the words of a compound stand, as pairs of offsets: cut at `-`, `_` and `.`, and where a capital begins another
 * word (`getUserName`, `HTTPServer`).
 */
export function splitCompound(run: string): number[] {
  if (run.length > LONGEST_SPLIT) return [0, Math.min(run.length, LONGEST_WORD)]
  const words = cut(run, true)
  // An identifier made at random (`aB3xK9Zq`) has capitals that mean nothing.
  const isNoise = words.length > 6 && run.length < (words.length / 2) * 3
  return isNoise ? cut(run, false) : words
}

function cut(run: string, atCapitals: boolean): number[] {
  const words: number[] = []
  let from = 0
  for (let at = 0; at < run.length; at++) {
    if (isConnector(run.charCodeAt(at))) {
      words.push(from, at)
      from = at + 1
    } else if (atCapitals && at > from && isCapital(run, at)) {
      const wordBefore = !isCapital(run, at - 1)
      const wordAfter = at + 1 < run.length && !isCapital(run, at + 1) && isLetter(run, at + 1)
      if (wordBefore || wordAfter) {
        words.push(from, at)
        from = at
      }
    }
  }
  words.push(from, run.length)
  return words
}

// Longer ones are encoded data, not names.
const LONGEST_SPLIT = 256
const LONGEST_WORD = 64

function isConnector(code: number): boolean {
  return code === 0x2d || code === 0x2e || code === 0x5f
}

function isCapital(run: string, at: number): boolean {
  const code = run.charCodeAt(at)
  if (code < 128) return code >= 0x41 && code <= 0x5a
  return /\p{Lu}/u.test(run.charAt(at))
}

function isLetter(run: string, at: number): boolean {
  const code = run.charCodeAt(at)
  if (code < 128) return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
  return /\p{L}/u.test(run.charAt(at))
}
