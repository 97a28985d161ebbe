import type { WorkstreamId } from '@arawn/core/id'
import type { RecallShape } from '@arawn/core/recall'

/** Messages of several workstreams behind one another. A place is the number of messages before. */
export interface LayOut {
  readonly shape: RecallShape
  /** Places of messages, as sequences of the whole, descending. Those that the shapes do not know yet are left out. */
  sequencesOf(
    matches: Iterable<{ readonly workstreamId: WorkstreamId; readonly sequences: readonly number[] }>,
  ): number[]
  at(place: number): { readonly workstreamId: WorkstreamId; readonly sequence: number }
}

/** The same workstreams give the same places, in whatever order they come. */
export function layOut(shapes: ReadonlyMap<WorkstreamId, RecallShape>): LayOut {
  const parts = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))
  const length = parts.reduce((sum, [, { wordCounts }]) => sum + wordCounts.length, 0)
  const wordCounts = new Uint16Array(length)
  const sessionCount = parts.reduce((sum, [, { sessionStarts }]) => sum + sessionStarts.sequences.length, 0)
  const sequences = new Uint32Array(sessionCount)
  const saidMs = new Float64Array(sessionCount)
  const starts = new Map<WorkstreamId, number>()
  const order: { readonly start: number; readonly workstreamId: WorkstreamId }[] = []
  let [start, session] = [0, 0]
  for (const [workstreamId, shape] of parts) {
    wordCounts.set(shape.wordCounts, start)
    saidMs.set(shape.sessionStarts.saidMs, session)
    for (const sequence of shape.sessionStarts.sequences) sequences[session++] = start + sequence
    starts.set(workstreamId, start)
    order.push({ start, workstreamId })
    start += shape.wordCounts.length
  }
  const authors = [...new Set(parts.flatMap(([, shape]) => shape.authors))].sort()

  return {
    shape: { wordCounts, sessionStarts: { sequences, saidMs }, authors },
    sequencesOf: (matches) => {
      const placed = [...matches].flatMap(({ workstreamId, sequences }) => {
        const from = starts.get(workstreamId)
        const known = shapes.get(workstreamId)?.wordCounts.length ?? 0
        return from === undefined ? [] : [{ from, known, sequences }]
      })
      const all: number[] = []
      for (const { from, known, sequences } of placed.sort((a, b) => b.from - a.from))
        for (const sequence of sequences) if (sequence <= known) all.push(from + sequence)
      return all
    },
    at: (place) => {
      let [low, high] = [0, order.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((order[middle] as { start: number }).start <= place) low = middle
        else high = middle - 1
      }
      const { start: from, workstreamId } = order[low] as (typeof order)[number]
      return { workstreamId, sequence: place - from + 1 }
    },
  }
}
