/** Intervals of sequences as sets. Hand-written ones may be in any order, overlap or be turned around. */

import type { Coverage } from '@arawn/core/coverage'

/** Ascending, apart from each other. */
export function normalized(coverage: Coverage): Coverage {
  const sorted = coverage.filter(([first, last]) => first <= last).sort((a, b) => a[0] - b[0])
  const merged: Coverage = []
  for (const [first, last] of sorted) {
    const before = merged.at(-1)
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

export function intersection(a: Coverage, b: Coverage): Coverage {
  const left = normalized(a)
  const right = normalized(b)
  const both: Coverage = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [firstA, lastA] = left[i] as [number, number]
    const [firstB, lastB] = right[j] as [number, number]
    const first = Math.max(firstA, firstB)
    const last = Math.min(lastA, lastB)
    if (first <= last) both.push([first, last])
    if (lastA < lastB) i++
    else j++
  }
  return both
}

/** What is in `a` and not in `b`. */
export function subtraction(a: Coverage, b: Coverage): Coverage {
  const rest: Coverage = []
  const without = normalized(b)
  let at = 0
  for (const [first, last] of normalized(a)) {
    let from = first
    while (at < without.length && (without[at] as [number, number])[1] < from) at++
    for (let next = at; next < without.length; next++) {
      const [cutFirst, cutLast] = without[next] as [number, number]
      if (cutFirst > last) break
      if (cutFirst > from) rest.push([from, cutFirst - 1])
      from = Math.max(from, cutLast + 1)
    }
    if (from <= last) rest.push([from, last])
  }
  return rest
}
