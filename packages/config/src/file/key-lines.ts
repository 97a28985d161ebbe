/**
 * Finds at which line each key of a TOML text is set; the parser tells lines of syntax errors only.
 *
 * A text of TOML is a row of statements, each at least a line long. So lines are gathered until the parser takes them:
 * that is one statement, and the parser says which keys it sets, however they are quoted, dotted or nested.
 */

import { parse } from 'smol-toml'
import { isTomlTable, type TomlTable } from './toml-table.js'

/** @param text TOML without syntax errors @returns the 1-based line where the statement that sets a key begins */
export function keyLines(text: string): (path: readonly string[]) => number | null {
  const lines = new Map<string, number>()
  const note = (path: readonly string[], line: number) => {
    const name = JSON.stringify(path)
    if (!lines.has(name)) lines.set(name, line)
  }
  let header: readonly string[] = []
  for (const { line, statement, table } of statementsOf(text)) {
    const isHeader = statement.trimStart().startsWith('[')
    if (isHeader) header = []
    for (const path of pathsIn(table, header)) {
      note(path, line)
      if (isHeader) header = path
    }
  }
  return (path) => lines.get(JSON.stringify(path)) ?? null
}

function* statementsOf(text: string) {
  let statement = ''
  let line = 1
  for (const [index, more] of text.split('\n').entries()) {
    if (statement === '') line = index + 1
    statement += `${more}\n`
    const table = parsed(statement)
    if (table === undefined) continue
    yield { line, statement, table }
    statement = ''
  }
}

function parsed(statement: string): TomlTable | undefined {
  try {
    return parse(statement)
  } catch {
    return undefined
  }
}

/** The paths of a table's keys, outer ones first: for a header `[a.b]` the last one is its table. */
function* pathsIn(table: TomlTable, above: readonly string[]): Generator<readonly string[]> {
  for (const [name, value] of Object.entries(table)) {
    const path = [...above, name]
    yield path
    if (isTomlTable(value)) yield* pathsIn(value, path)
  }
}
