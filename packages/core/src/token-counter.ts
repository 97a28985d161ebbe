/** Counts tokens as a model does, or nearly so. */
export interface TokenCounter {
  /** Names the way of counting, with its version: equal names count alike, so that counts can be kept. */
  readonly name: string
  /** By what share a count may lie below the true one; 0 when it is exact. Budgets leave so much room. */
  readonly errorShare: number
  /** @returns a count for each text, in order */
  count(texts: readonly string[]): Promise<readonly number[]>
}
