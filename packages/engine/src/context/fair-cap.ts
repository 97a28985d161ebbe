/**
 * The largest cap so that sizes, each cut down to it, fit into a room together: the small stay whole, and the large
 * become equal. Infinity when all fit as they are.
 */
export function fairCap(sizes: readonly number[], room: number): number {
  const ascending = [...sizes].sort((a, b) => a - b)
  let left = room
  for (const [index, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index))
    if (size > share) return Math.max(share, 0)
    left -= size
  }
  return Number.POSITIVE_INFINITY
}
