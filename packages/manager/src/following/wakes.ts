/** Tells those who wait that there may be something new. */
export interface Wakes {
  /** How often it was told so far. Ask before looking, so that nothing slips in between looking and waiting. */
  count(): number
  tell(): void
  /** Resolves once it was told more often than `seen`, or when the signal comes. */
  after(seen: number, signal: AbortSignal): Promise<void>
}

export function createWakes(): Wakes {
  let told = 0
  const waiting = new Set<() => void>()
  return {
    count: () => told,
    tell() {
      told++
      for (const wake of waiting) wake()
    },
    after: (seen, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        if (told > seen || signal.aborted) return resolve()
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      }),
  }
}
