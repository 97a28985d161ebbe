const MAX_TITLE = 80

/** A title made of somebody's words: their first line, cut at a word border. Null when they say nothing. */
export function titleOf(text: string | undefined): string | null {
  const line = text
    ?.split('\n')
    .map((candidate) => candidate.replace(/\s+/g, ' ').trim())
    .find((candidate) => candidate !== '')
  if (line === undefined) return null
  const characters = [...line]
  if (characters.length <= MAX_TITLE) return line
  const border = characters.slice(0, MAX_TITLE).lastIndexOf(' ')
  // One long word, such as a URL, is cut inside.
  const kept = border > MAX_TITLE / 2 ? border : MAX_TITLE - 1
  return `${characters.slice(0, kept).join('')}…`
}
