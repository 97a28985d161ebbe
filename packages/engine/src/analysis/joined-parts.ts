/**
 * Parts with single spaces between them, each once for a text. A part has a number, under which whoever finds it again and
 * again can keep it: to see whether a text has it already is to look at one place, where a `Set` would look at the part.
 */
export interface JoinedParts {
  /** Good until `forgetNumbers`. */
  numberOf(part: string): number
  add(number: number): void
  /** All of them, in the order in which they were added first; what is added later belongs to another text. */
  take(): string
  /** More parts have numbers than is worth its memory. */
  isFull(): boolean
  forgetNumbers(): void
}

export function createJoinedParts(): JoinedParts {
  const numbers = new Map<string, number>()
  let parts: string[] = []
  /** By number: the last text that has it. */
  let lastText: number[] = []
  let text = 1
  let added: string[] = []
  return {
    numberOf(part) {
      const known = numbers.get(part)
      if (known !== undefined) return known
      numbers.set(part, parts.length)
      lastText.push(0)
      return parts.push(part) - 1
    },
    add(number) {
      if (lastText[number] === text) return
      lastText[number] = text
      added.push(parts[number] as string)
    },
    take() {
      if (added.length === 0) return ''
      const joined = added.join(' ')
      added = []
      text++
      return joined
    },
    isFull: () => parts.length >= MOST_PARTS,
    forgetNumbers() {
      numbers.clear()
      parts = []
      lastText = []
    },
  }
}

const MOST_PARTS = 2 ** 17
