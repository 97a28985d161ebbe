import type { CountText } from '../context.js'

/**
 * Takes so much out of the middle of a text that the rest has at most `limit` tokens, and says how much is missing.
 * The beginning says what it is and the end how it came out.
 *
 * @param tokens of the whole text, more than `limit`
 */
export function cutMiddle(text: string, tokens: number, limit: number, count: CountText): string {
  let keep = Math.floor((text.length * limit) / Math.max(tokens, 1))
  for (;;) {
    const cut = keepEnds(text, keep)
    if (keep === 0 || count(cut) <= limit) return cut
    keep = Math.floor(keep * RETRY_SHARE)
  }
}

/** The first and the last characters of a text, `keep` in all. No line begins in its middle that was none before. */
export function keepEnds(text: string, keep: number): string {
  if (text.length <= keep) return text
  const head = Math.ceil(keep * HEAD_SHARE)
  const tail = keep - head
  const end = tail === 0 ? '' : text.slice(-tail)
  return `${text.slice(0, head)}\n[… ${text.length - keep} characters are left out here …] ${end}`.toWellFormed()
}

const HEAD_SHARE = 0.7
const RETRY_SHARE = 0.85
