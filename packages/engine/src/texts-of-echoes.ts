import { echoLine } from './context/echo-lines.js'
import { isShort, safeEcho } from './context/echoed-text.js'
import type { ContextInput } from './context.js'
import { largestEcho } from './context-policy.js'

// No text of people or programs has more; what has is counted later.
const UNITS_PER_TOKEN = 16

/**
 * Texts whose tokens an assembly needs to choose among echoes. Counted before, they save it a run with guesses.
 *
 * @param room tokens for all of them
 */
export function textsOfEchoes(
  { echoes, newest = [] }: Pick<ContextInput, 'echoes' | 'newest'>,
  room: number,
): string[] {
  const largest = largestEcho(room)
  const texts: string[] = []
  const count = (text: string) => {
    texts.push(text)
    return 0
  }
  const add = (message: (typeof newest)[number], passage: string | undefined) => {
    const safe = safeEcho(message, passage)
    const mayFit = safe.length <= largest * UNITS_PER_TOKEN
    if (mayFit && isShort(safe, largest, count)) texts.push(echoLine(message, safe).text)
  }
  for (const { message, passage } of echoes) add(message, passage)
  for (const message of newest) add(message, undefined)
  return texts
}
