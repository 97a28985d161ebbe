import { hasCode } from './error.js'
import type { EndReason, ModelRequest, ModelUsage } from './language-model.js'

/** Requests that a provider answers when it has time, often for half the price. */
export interface ModelBatches {
  /** What an answer costs in a batch, as a share of what it costs by itself. */
  readonly priceShare: number
  /**
   * Hands them over. Tried again only where the provider cannot have taken them: what was taken is paid for.
   *
   * @param requests 1 to 1,000, each with an id of its own
   * @throws as `LanguageModel.stream`
   */
  submit(requests: readonly BatchRequest[], signal?: AbortSignal): Promise<SubmittedBatch>
  /**
   * What became of a batch. Changes nothing, so it can be asked again; failures that pass are tried again.
   *
   * @throws as `LanguageModel.stream`; the batch is as it was
   */
  collect(batchId: string, signal?: AbortSignal): Promise<CollectedBatch>
}

export interface BatchRequest {
  /** `^[a-zA-Z0-9_-]{1,64}$` */
  readonly id: string
  /** Its `signal` and `lookUp` are of no use here. */
  readonly request: ModelRequest
}

export interface SubmittedBatch {
  readonly batchId: string
  /** When the provider gives it up, milliseconds since 1970; null when it does not say. */
  readonly expiresAtMs: number | null
}

/** `gone`: the provider does not know it, or does not have its answers any more. */
export type CollectedBatch =
  | { readonly state: 'running' | 'gone' }
  /** By the ids of requests; one that failed, expired or was cancelled has none. */
  | { readonly state: 'ended'; readonly answers: ReadonlyMap<string, BatchAnswer> }

export interface BatchAnswer {
  readonly text: string
  readonly reason: EndReason
  readonly usage: ModelUsage
}

/** Whether a submission that failed so has surely not been taken. After any other failure the batch may be there. */
export function wasNotTaken(error: unknown): boolean {
  if (hasCode(error, 'MODEL_RATE_LIMITED')) return true
  if (hasCode(error, 'MODEL_FAILED')) return error.details.status === 503 || error.details.status === 529
  return hasCode(error, 'MODEL_UNREACHABLE') && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.details.errno)
}
