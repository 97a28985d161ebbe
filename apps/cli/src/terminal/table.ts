import stringWidth from 'string-width'
import { printableLine } from './printable.js'

const segments = new Intl.Segmenter()

/**
 * Columns for people: as wide as their content; when the terminal is too narrow, `shrink` gives way.
 *
 * @param width of the terminal in columns; undefined when nothing has to fit
 * @param numeric columns that are aligned at the right
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width, shrink, numeric = [] }: { width: number | undefined; shrink: number; numeric?: readonly number[] },
): string {
  const cells = [head, ...rows.map((row) => row.map(printableLine))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ''))))
  const excess = widths.reduce((sum, each) => sum + each, 2 * (head.length - 1)) - (width ?? Number.POSITIVE_INFINITY)
  if (excess > 0) widths[shrink] = Math.max(8, (widths[shrink] ?? 0) - excess)
  return cells
    .map((row) =>
      row
        .map((cell, column) => fit(cell, widths[column] ?? 0, numeric.includes(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Cut between characters as people see them, never inside one. */
function fit(text: string, width: number, right: boolean): string {
  let shown = text
  if (stringWidth(text) > width) {
    shown = ''
    for (const { segment } of segments.segment(text)) {
      if (stringWidth(shown + segment) > width - 1) break
      shown += segment
    }
    shown += '…'
  }
  const space = ' '.repeat(Math.max(0, width - stringWidth(shown)))
  return right ? space + shown : shown + space
}
