import stringWidth from 'string-width'
import { fit } from './fit.js'
import { printableLine } from './printable.js'

export interface TableStyle {
  /** Of the terminal, in columns; undefined when nothing has to fit. */
  readonly width: number | undefined
  /** Columns that give way when the terminal is too narrow, one after the other. */
  readonly shrink: readonly number[]
  /** Columns that are aligned at the right. */
  readonly numeric?: readonly number[]
}

// Narrower than this, a cell says nothing.
const LEAST_WIDTH = 8

/** Columns for people: as wide as what stands in them. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY, shrink, numeric = [] }: TableStyle,
): string {
  const cells = [head, ...rows.map((row) => row.map(printableLine))]
  const widths = head.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  )
  let excess = widths.reduce((sum, each) => sum + each, 2 * (head.length - 1)) - width
  for (const column of shrink) {
    const before = widths[column] ?? 0
    const after = Math.min(before, Math.max(LEAST_WIDTH, before - Math.max(0, excess)))
    widths[column] = after
    excess -= before - after
  }
  return cells
    .map((row) => row.map((cell, column) => aligned(cell, widths[column] ?? 0, numeric.includes(column))))
    .map((row) => row.join('  ').trimEnd())
    .join('\n')
}

function aligned(text: string, width: number, right: boolean): string {
  const shown = fit(text, width)
  const space = ' '.repeat(Math.max(0, width - stringWidth(shown)))
  return right ? space + shown : shown + space
}
