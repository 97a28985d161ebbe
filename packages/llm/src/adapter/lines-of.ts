import { AnswerUnreadable } from './events-of-parts.js'

// An answer has some thousand tokens; this is a hundred times as much.
const MAX_LINE_CHARS = 4_000_000

/** The lines of a text that comes in pieces; the last one may lack its LF. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = ''
  for await (const piece of pieces) {
    const lines = `${begun}${piece}`.split('\n')
    begun = lines.pop() ?? ''
    if (begun.length > MAX_LINE_CHARS) throw new AnswerUnreadable('a line of it has no end')
    yield* lines
  }
  if (begun !== '') yield begun
}
