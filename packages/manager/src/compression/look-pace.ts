import type { Clock } from '@arawn/core/clock'
import type { CompressionBatch } from '@arawn/core/workstream-index'

const SOONEST_MS = 30_000
const LATEST_MS = 300_000

/**
 * When to look at batches again: most are answered within minutes, some take a day. Remembered by this process alone; a new
 * one looks at once.
 */
export interface LookPace {
  isDue(batch: Pick<CompressionBatch, 'id'>): boolean
  /** Somebody looked, and it was not answered yet. */
  wait(batch: Pick<CompressionBatch, 'id' | 'claimed_at'>): void
  forget(batch: Pick<CompressionBatch, 'id'>): void
}

export function createLookPace({ nowMs }: Clock): LookPace {
  const nextLookMs = new Map<string, number>()
  return {
    isDue: ({ id }) => nowMs() >= (nextLookMs.get(id) ?? 0),
    wait: ({ id, claimed_at }) => {
      const ageMs = nowMs() - Date.parse(claimed_at)
      nextLookMs.set(id, nowMs() + Math.min(LATEST_MS, Math.max(SOONEST_MS, ageMs / 10)))
    },
    forget: ({ id }) => void nextLookMs.delete(id),
  }
}
