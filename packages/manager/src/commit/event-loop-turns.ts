/** Whoever works in steps of promises alone keeps timers, sockets and other callers of the process waiting. */
export interface EventLoopTurns {
  /** Whether others have waited for some milliseconds. */
  isDue(): boolean
  /** Resolves when everybody else had their turn. Whoever waits for something else meanwhile need not wait for it. */
  take(): Promise<void>
}

const TURN_AFTER_MS = 4

export function createEventLoopTurns(): EventLoopTurns {
  let takenMs = performance.now()
  return {
    isDue: () => performance.now() - takenMs > TURN_AFTER_MS,
    take: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      takenMs = performance.now()
    },
  }
}
