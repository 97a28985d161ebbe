/** A word of a command line as it was typed, perhaps not to its end. */
export interface ShellWord {
  readonly text: string
  /** The quotation mark that was not closed yet. */
  readonly open: '"' | "'" | undefined
}

/** What a word means to the shell, as far as quotes and backslashes go. Nothing is expanded. */
export function readShellWord(typed: string): ShellWord {
  let text = ''
  let open: ShellWord['open']
  for (let at = 0; at < typed.length; at++) {
    const char = typed.charAt(at)
    const next = typed.charAt(at + 1)
    if (char === '\\' && open !== "'" && (open === undefined || '"\\$`'.includes(next))) {
      text += next
      at++
    } else if (open === undefined && (char === '"' || char === "'")) open = char
    else if (char === open) open = undefined
    else text += char
  }
  return { text, open }
}

/**
 * How a word is written in bash so that it means itself, or behind a quotation mark that is there already.
 *
 * @returns undefined when it cannot be written there
 */
export function writeBashWord(text: string, open: ShellWord['open']): string | undefined {
  if (open === "'") return text.includes("'") ? undefined : text
  if (open === '"') return text.replace(/["\\$`!]/g, (char) => (char === '!' ? '!' : `\\${char}`))
  return text.replace(/[ -~]/g, (char) => (/[\w./,+%-]/.test(char) ? char : `\\${char}`))
}
