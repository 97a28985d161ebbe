import { median } from './statistics.mjs'

/**
 * Measures the product and its limits in short rounds next to each other, in turns and every other round in the
 * opposite order, so that a slow moment of the machine meets all of them.
 *
 * @param measures by name; each measures one round
 * @returns the rounds of each, by the same names
 */
export async function inTurns(rounds, measures) {
  const names = Object.keys(measures)
  const seen = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) seen[name].push(await measures[name]())
  return seen
}

/** `0.41 (0.36..0.44)`: the median of the rounds' ratios, the least and the greatest. */
export function ratioOf(product, limit) {
  const ratios = product.map((value, round) => value / limit[round])
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)})`
}
