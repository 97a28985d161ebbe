import stringWidth from 'string-width'

const segments = new Intl.Segmenter()

/** Cuts a line that is wider than so many columns: between characters as people see them, never inside one. */
export function fit(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  let shown = ''
  let width = 0
  for (const { segment } of segments.segment(text)) {
    width += stringWidth(segment)
    if (width > columns - 1) break
    shown += segment
  }
  return `${shown}…`
}
