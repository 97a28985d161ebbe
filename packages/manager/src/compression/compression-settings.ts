import type { CompressionPolicy } from '@arawn/engine/compression-plan'

export interface CompressionSettings extends CompressionPolicy {
  /** A profile, or `profile/model`; null: code makes the summaries. */
  readonly model: string | null
  /** How many workstreams are compressed at the same time. */
  readonly concurrency: number
  /** Work that nobody waits for goes to the provider in batches, where it has them. */
  readonly batch: boolean
}

export const defaultCompression: CompressionSettings = {
  enabled: true,
  model: null,
  minMessages: 4,
  maxHistory: 1_000,
  contextWindow: 50,
  tokenThresholdChars: 32_000,
  maxSummaryTokens: 1_024,
  retentionTarget: 0.9,
  maxAttempts: 3,
  concurrency: 2,
  batch: false,
}
