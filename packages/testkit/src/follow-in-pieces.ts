import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'

export interface PiecesFollower {
  readonly seen: readonly WorkstreamEvent[]
  /** Ends once so many have come, or half a minute has passed, and then nothing for a while, milliseconds. */
  finish(quietMs: number, atLeast?: number): Promise<readonly WorkstreamEvent[]>
}

/**
 * Follows all the time, but stops after every few events and goes on with its last cursor.
 *
 * @param subscribe opens a subscription behind a cursor that ends with the signal
 * @param piece how many events to take before the next stop
 */
export function followInPieces(
  subscribe: (input: { since: string | number; signal: AbortSignal }) => AsyncIterable<WorkstreamEvent>,
  since: string | number,
  piece: () => number,
): PiecesFollower {
  const seen: WorkstreamEvent[] = []
  const stopped = new AbortController()

  async function run(): Promise<void> {
    for (let cursor = since; !stopped.signal.aborted; await sleep(1)) {
      let left = piece()
      for await (const event of subscribe({ since: cursor, signal: stopped.signal })) {
        seen.push(event)
        cursor = event.cursor
        if (--left <= 0) break
      }
    }
  }

  const running = run()
  // Heard of in `finish`.
  running.catch(() => {})
  return {
    seen,
    async finish(quietMs, atLeast = 0) {
      const deadline = performance.now() + 30_000
      while (seen.length < atLeast && performance.now() < deadline) await Promise.race([sleep(10), running])
      for (let before = -1; before !== seen.length; await Promise.race([sleep(quietMs), running])) before = seen.length
      stopped.abort()
      await running
      return seen
    },
  }
}
