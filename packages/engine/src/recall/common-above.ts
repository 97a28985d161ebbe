/** What more messages than this have tells nothing; in a long history also because to look at them takes too long. */
export function commonAbove(messageCount: number): number {
  const few = Math.max(FEWEST_COMMON, Math.floor(messageCount * COMMON_SHARE))
  const many = Math.max(COMMON_OF_SHORT, Math.floor(messageCount * COMMON_SHARE_OF_LONG))
  return Math.min(few, many, MOST_COMMON)
}

const FEWEST_COMMON = 50
const COMMON_SHARE = 0.2
const COMMON_OF_SHORT = 4_000
const COMMON_SHARE_OF_LONG = 0.05
const MOST_COMMON = 50_000
