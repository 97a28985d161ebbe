/**
 * Adds what one more call has cost, in US dollars. Null is a cost that is not known, and with it the sum is not known.
 *
 * Prices are fractions of a millionth: to the trillionth is exact for them, and leaves out what floating point adds.
 */
export function addCost(sum: number | null, cost: number | null): number | null {
  return sum === null || cost === null ? null : Number((sum + cost).toFixed(12))
}
