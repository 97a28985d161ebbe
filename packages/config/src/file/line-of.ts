/**
 * The 1-based line at which a key is set, found in the text: the TOML parser tells lines of syntax errors only.
 *
 * @returns null when it is written in a way that this does not follow
 */
export function lineOf(text: string, key: string): number | null {
  let table = ''
  let headerLine: number | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)
    if (header?.[1] !== undefined) {
      table = `${plain(header[1])}.`
      if (plain(header[1]) === key) headerLine = index + 1
      continue
    }
    const assigned = /^\s*([A-Za-z0-9_."'-]+(?:\s*\.\s*[A-Za-z0-9_."'-]+)*)\s*=/.exec(line)
    if (assigned?.[1] === undefined) continue
    const name = `${table}${plain(assigned[1])}`
    // `workstreams = { max_history = 5 }` sets its keys on one line.
    if (name === key || key.startsWith(`${name}.`)) return index + 1
  }
  return headerLine
}

function plain(name: string): string {
  return name.replace(/["'\s]/g, '')
}
