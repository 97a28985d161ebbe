/**
 * The best of very many, without sorting them all.
 *
 * @param scores by place; below 0 where there is nothing
 * @returns the best first; the earlier of equals first
 */
export function bestPlaces(scores: ArrayLike<number>, limit: number): number[] {
  const isBetter = (a: number, b: number) => {
    const difference = (scores[a] as number) - (scores[b] as number)
    return difference > 0 || (difference === 0 && a < b)
  }
  // The worst of those that are kept stands on top of a heap.
  const heap: number[] = []
  const sink = (from: number) => {
    for (let at = from; ; ) {
      let worst = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isBetter(heap[worst] as number, heap[child] as number)) worst = child
      if (worst === at) return
      const moved = heap[at] as number
      heap[at] = heap[worst] as number
      heap[worst] = moved
      at = worst
    }
  }
  for (let place = 0; place < scores.length; place++) {
    if ((scores[place] as number) < 0) continue
    if (heap.length < limit) {
      heap.push(place)
      if (heap.length === limit) for (let at = Math.floor(limit / 2); at >= 0; at--) sink(at)
    } else if (limit > 0 && isBetter(place, heap[0] as number)) {
      heap[0] = place
      sink(0)
    }
  }
  return heap.sort((a, b) => (isBetter(a, b) ? -1 : 1))
}
