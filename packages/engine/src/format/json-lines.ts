import { isJsonObject, type JsonObject, parseJson } from './json-value.js'
import type { Skips } from './skips.js'

export interface JsonLine {
  /** 1-based, as an editor counts them. */
  readonly number: number
  readonly object: JsonObject
}

/**
 * The objects of a file that holds one a line. Blank lines, CR and a byte order mark are passed over; anything else is
 * a bad line, such as the half-written last one of a file that is still growing.
 */
export function readJsonLines(text: string, skips: Skips): JsonLine[] {
  const lines: JsonLine[] = []
  const withoutMark = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  for (const [index, line] of withoutMark.split('\n').entries()) {
    const number = index + 1
    if (line.trim() === '') continue
    const value = parseJson(line)
    if (value === undefined) skips.badLine(number, 'is not JSON, or nested too deep')
    else if (isJsonObject(value)) lines.push({ number, object: value })
    else skips.badLine(number, 'is not a JSON object')
  }
  return lines
}

const BYTE_ORDER_MARK = '\ufeff'
