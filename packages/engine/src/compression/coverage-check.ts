/** How coverages lie to each other. All of them ascend and do not overlap themselves. */

import type { Coverage } from '@arawn/core/coverage'
import { coveredCount } from '../coverage.js'

export interface CoverageCheck {
  /** How many of those that can be seen are covered. */
  readonly covered: number
  /** It covers something that cannot be seen: hidden, gone, or of somebody else. */
  readonly coversOthers: boolean
  /** What is covered comes before what is not. */
  readonly isPrefix: boolean
}

export function checkCoverage(coverage: Coverage, visible: Coverage): CoverageCheck {
  const common = intersection(coverage, visible)
  const covered = coveredCount(common)
  const last = common.at(-1)?.[1] ?? 0
  return {
    covered,
    coversOthers: coveredCount(coverage) > covered,
    isPrefix: coveredCount(intersection(visible, [[1, Math.max(1, last)]])) === covered,
  }
}

/** It covers all that can be seen and nothing else. */
export function isWhole(coverage: Coverage, visible: Coverage): boolean {
  const { covered, coversOthers } = checkCoverage(coverage, visible)
  return !coversOthers && covered === coveredCount(visible)
}

export function overlaps(a: Coverage, b: Coverage): boolean {
  return intersection(a, b).length > 0
}

function intersection(a: Coverage, b: Coverage): Coverage {
  const common: Coverage = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [fromA, toA] = a[i] ?? [0, 0]
    const [fromB, toB] = b[j] ?? [0, 0]
    const from = Math.max(fromA, fromB)
    const to = Math.min(toA, toB)
    if (from <= to) common.push([from, to])
    if (toA < toB) i++
    else j++
  }
  return common
}

/** All of several, which may touch. */
export function joined(coverages: readonly Coverage[]): Coverage {
  const all: Coverage = []
  for (const [first, last] of coverages.flat().sort((a, b) => a[0] - b[0])) {
    const before = all.at(-1)
    if (before !== undefined && before[1] >= first - 1) before[1] = Math.max(before[1], last)
    else all.push([first, last])
  }
  return all
}
