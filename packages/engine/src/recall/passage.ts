import type { TextAnalyzer } from '@arawn/core/text-analyzer'

/** Of a text this long the end is not looked at. */
const MOST_CHARACTERS = 200_000

/**
 * The part of a long text in which most of what is asked for stands, in whole lines where lines are short.
 *
 * @param weights of tokens; a token counts once however often it stands there
 * @returns at most about `maxCharacters`, with `…` where something is missing
 */
export function passageOf(
  text: string,
  weights: ReadonlyMap<string, number>,
  maxCharacters: number,
  analyzer: TextAnalyzer,
): string {
  if (text.length <= maxCharacters) return text
  const places = analyzer.placesOf(text.slice(0, MOST_CHARACTERS)).flatMap(({ from, word, forms }) => {
    const token = [word, ...forms].find((one) => one !== undefined && weights.has(one))
    return token === undefined ? [] : [{ from, token }]
  })
  const from = lineStart(text, bestStart(places, weights, maxCharacters), maxCharacters)
  const to = lineEnd(text, from + maxCharacters, maxCharacters)
  return `${from > 0 ? '… ' : ''}${text.slice(from, to).trim()}${to < text.length ? ' …' : ''}`.toWellFormed()
}

/** A window slides over the places. Its first place stands a quarter behind its beginning. */
function bestStart(
  places: readonly { readonly from: number; readonly token: string }[],
  weights: ReadonlyMap<string, number>,
  width: number,
): number {
  const inside = new Map<string, number>()
  let [score, best, bestFrom, first] = [0, 0, 0, 0]
  for (const { from, token } of places) {
    const count = inside.get(token) ?? 0
    inside.set(token, count + 1)
    if (count === 0) score += weights.get(token) ?? 0
    for (let gone = places[first]; gone !== undefined && gone.from < from - width * REACH; gone = places[++first]) {
      const left = (inside.get(gone.token) ?? 0) - 1
      inside.set(gone.token, left)
      if (left === 0) score -= weights.get(gone.token) ?? 0
    }
    if (score > best) {
      best = score
      bestFrom = places[first]?.from ?? from
    }
  }
  return Math.max(0, Math.floor(bestFrom - width * LEAD))
}

// What stands before the first place, and how far from it the last one may stand: all of it is within the width.
const LEAD = 0.25
const REACH = 0.65

function lineStart(text: string, from: number, width: number): number {
  const start = text.lastIndexOf('\n', from) + 1
  return from - start < width / 8 ? start : from
}

function lineEnd(text: string, to: number, width: number): number {
  if (to >= text.length) return text.length
  const end = text.lastIndexOf('\n', to)
  return to - end < width / 4 ? end : to
}
