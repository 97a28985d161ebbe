import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel } from '@arawn/core/language-model'
import type { BatchRequest } from '@arawn/core/model-batches'
import type { TokenCounter } from '@arawn/core/token-counter'
import { requestId } from '@arawn/engine/answered-model'
import type { CompressionJob } from '@arawn/engine/compression-plan'
import { summaryRequests } from '@arawn/engine/summary-requests'
import type { Desk } from '../operations/desk.js'
import { inputsOf } from './make-summary.js'

/** Requests that go to a provider together, and the work that they are for. */
export interface RenderedBatch {
  readonly keys: readonly string[]
  readonly requests: readonly BatchRequest[]
}

export interface RequestRenderer {
  readonly model: LanguageModel
  readonly counter: TokenCounter
  readonly maxTokens: number
  readonly hash: (text: string) => string
}

const MAX_REQUESTS = 1_000
// Far below what providers take, and of that a process holds two or three copies.
const MAX_CHARACTERS = 16_000_000

/** What a model is asked for these jobs, in as few batches as fit. Jobs for which no model is asked are in none. */
export async function* renderBatches(
  { index, log, ask }: Desk,
  workstreamId: WorkstreamId,
  jobs: readonly CompressionJob[],
  { model, counter, maxTokens, hash }: RequestRenderer,
): AsyncGenerator<RenderedBatch> {
  let keys: string[] = []
  let requests = new Map<string, BatchRequest>()
  let characters = 0
  for (const job of jobs) {
    const inputs = await ask(() => inputsOf({ rows: index, log }, workstreamId, job))
    const asked = await summaryRequests({ model, inputs, maxTokens, counter })
    const size = asked.reduce((sum, { system, messages }) => sum + JSON.stringify([system, messages]).length, 0)
    if (asked.length === 0 || asked.length > MAX_REQUESTS || size > MAX_CHARACTERS) continue
    if (requests.size + asked.length > MAX_REQUESTS || characters + size > MAX_CHARACTERS) {
      yield { keys, requests: [...requests.values()] }
      keys = []
      requests = new Map()
      characters = 0
    }
    keys.push(job.key)
    characters += size
    for (const request of asked) {
      const id = requestId(request, hash)
      requests.set(id, { id, request })
    }
  }
  if (keys.length > 0) yield { keys, requests: [...requests.values()] }
}
