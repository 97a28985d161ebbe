/** Looks for whole specifics in a text, many of them. */

export function createTextFinder(text: string): (wanted: string) => boolean {
  const flat = oneLine(text)
  // Most specifics stand between blanks: found without looking through the text.
  const words = new Set(flat.split(' '))
  return (wanted) => {
    const whole = oneLine(wanted)
    if (whole === '') return false
    if (words.has(whole)) return true
    for (let at = flat.indexOf(whole); at >= 0; at = flat.indexOf(whole, at + 1))
      if (!goesOnBefore(flat, at, whole) && !goesOnAfter(flat, at + whole.length, whole)) return true
    return false
  }
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const LETTER = /[A-Za-z0-9_\u00c0-\u024f\u0370-\u052f]/

function goesOnBefore(text: string, at: number, wanted: string): boolean {
  const before = text[at - 1] ?? ' '
  if (!LETTER.test(wanted[0] ?? '')) return false
  if (LETTER.test(before)) return true
  return JOINS.test(before) && LETTER.test(text[at - 2] ?? ' ')
}

function goesOnAfter(text: string, end: number, wanted: string): boolean {
  const after = text[end] ?? ' '
  if (!LETTER.test(wanted.at(-1) ?? '')) return false
  if (LETTER.test(after)) return true
  return JOINS.test(after) && LETTER.test(text[end + 1] ?? ' ')
}

/** Between letters these make one word of two: `a-b`, `a.b`, `1,5`, `a@b`. A slash parts a path from its folder. */
const JOINS = /[-.,@$]/
