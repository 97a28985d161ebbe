/** So that the last bits of a machine's logarithm decide nothing. */
export function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000
}
