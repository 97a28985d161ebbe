/** The best of very many, without keeping or sorting them all. */
export interface Best {
  offer(place: number, score: number): void
  /** The best first; the earlier of equals first. */
  take(): { readonly place: number; readonly score: number }[]
}

/** @param limit at most so many */
export function createBest(limit: number): Best {
  // The worst of those that are kept stands on top of a heap.
  const places: number[] = []
  const scores: number[] = []
  let kept = 0

  const isBetter = (a: number, b: number) => {
    const difference = (scores[a] as number) - (scores[b] as number)
    return difference > 0 || (difference === 0 && (places[a] as number) < (places[b] as number))
  }
  const swap = (a: number, b: number) => {
    const place = places[a] as number
    const score = scores[a] as number
    places[a] = places[b] as number
    scores[a] = scores[b] as number
    places[b] = place
    scores[b] = score
  }
  const sink = () => {
    for (let at = 0; ; ) {
      let worst = at
      for (let child = 2 * at + 1; child <= 2 * at + 2; child++)
        if (child < kept && isBetter(worst, child)) worst = child
      if (worst === at) return
      swap(at, worst)
      at = worst
    }
  }
  const rise = () => {
    for (let at = kept - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (isBetter(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  return {
    offer(place, score) {
      if (kept < limit) {
        places[kept] = place
        scores[kept++] = score
        rise()
        return
      }
      const worst = scores[0]
      if (worst === undefined || score < worst || (score === worst && place > (places[0] as number))) return
      places[0] = place
      scores[0] = score
      sink()
    },
    take: () =>
      places
        .map((place, index) => ({ place, score: scores[index] as number }))
        .sort((a, b) => b.score - a.score || a.place - b.place),
  }
}
