/**
 * The names that a mistyped one may have meant, nearest first: those that share a beginning of three letters, or are at
 * most two edits (or a third of its length) away. Upper and lower case are alike.
 */
export function nearestNames(name: string, names: readonly string[], limit = 3): string[] {
  const typed = name.toLowerCase()
  const reach = Math.max(2, Math.floor(typed.length / 3))
  return [...new Set(names)]
    .map((candidate) => ({ candidate, distance: distanceTo(typed, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate)

  function distanceTo(a: string, b: string): number {
    const edits = editDistance(a, b, reach)
    return edits > reach && a.length >= 3 && b.startsWith(a) ? reach : edits
  }
}

/**
 * Edits (insert, delete, replace, swap of neighbours) from one to the other, upper and lower case being different.
 *
 * @param reach the most that matters: any number above it means «more», and may come sooner
 */
export function editDistance(a: string, b: string, reach = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > reach) return reach + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        edits = Math.min(edits, (before[column - 2] ?? 0) + 1)
      current.push(edits)
    }
    before = last
    last = current
  }
  return last[b.length] ?? 0
}
