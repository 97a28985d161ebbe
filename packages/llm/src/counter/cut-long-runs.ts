// The encoder puts together each run of letters, of blanks or of signs pair by pair, which takes the square of its
// length: 8 s for 100,000 letters. No word is this long; in what is, a cut may move the count by one.
const LONGEST_RUN = 400

const longRun = new RegExp(
  [`[\\p{L}\\p{M}]{${LONGEST_RUN}}`, `\\s{${LONGEST_RUN}}`, `[^\\s\\p{L}\\p{M}\\p{N}]{${LONGEST_RUN}}`].join('|'),
  'gu',
)

/** The text in pieces that have no run too long for the encoder; nearly always the text itself. */
export function cutLongRuns(text: string): string[] {
  if (text.length < LONGEST_RUN) return [text]
  const pieces: string[] = []
  let begin = 0
  for (const { index, 0: run } of text.matchAll(longRun)) {
    pieces.push(text.slice(begin, index + run.length))
    begin = index + run.length
  }
  pieces.push(text.slice(begin))
  return pieces
}
