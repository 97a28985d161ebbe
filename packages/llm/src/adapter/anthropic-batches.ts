import { hasCode } from '@arawn/core/error'
import { type BatchAnswer, type ModelBatches, wasNotTaken } from '@arawn/core/model-batches'
import { batchIdSchema, type MessageBatch, readBatch, readResult } from './anthropic-batch-wire.js'
import { linesOf } from './lines-of.js'
import type { SdkModelAddress } from './open-sdk-model.js'
import { callProvider, type ProviderCall } from './provider-call.js'
import { requestBody } from './request-body.js'
import { type RetryParts, withRetries } from './with-retries.js'

export interface AnthropicBatchesParts extends RetryParts {
  readonly address: SdkModelAddress
  readonly maxOutputTokens: number
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Message batches of Anthropic, which cost half of what the same messages cost one by one. */
export function createAnthropicBatches({
  address,
  maxOutputTokens,
  fetch = globalThis.fetch,
  ...retrying
}: AnthropicBatchesParts): ModelBatches {
  const { idleTimeoutMs } = retrying.facts
  const batchesUrl = `${address.baseUrl}/messages/batches`
  const headers = {
    'anthropic-version': '2023-06-01',
    'content-type': 'application/json',
    'x-api-key': address.apiKey ?? '',
  }

  function call(what: Omit<ProviderCall, 'headers'>, signal: AbortSignal | undefined): AsyncGenerator<string> {
    return callProvider({ ...what, headers }, { fetch, signal, idleTimeoutMs })
  }

  async function batchOf(what: Omit<ProviderCall, 'headers'>, signal: AbortSignal | undefined): Promise<MessageBatch> {
    let body = ''
    for await (const piece of call(what, signal)) body += piece
    return readBatch(body)
  }

  async function answersAt(url: string, signal: AbortSignal | undefined): Promise<Map<string, BatchAnswer>> {
    const answers = new Map<string, BatchAnswer>()
    for await (const line of linesOf(call({ url }, signal))) {
      const read = readResult(line)
      if (read !== undefined) answers.set(read.id, read.answer)
    }
    return answers
  }

  /** The key goes to the address of the settings only, wherever an answer points. */
  function resultsUrl({ id, results_url: given }: MessageBatch): string {
    const isOurs = given != null && URL.canParse(given) && new URL(given).origin === new URL(batchesUrl).origin
    return isOurs ? given : `${batchesUrl}/${id}/results`
  }

  return {
    // https://docs.claude.com/en/docs/build-with-claude/batch-processing#pricing
    priceShare: 0.5,
    async submit(requests, signal) {
      const bodies = await Promise.all(
        requests.map(async ({ id, request }) => ({
          custom_id: id,
          params: await requestBody(request, address, maxOutputTokens),
        })),
      )
      const submit = () => batchOf({ url: batchesUrl, body: { requests: bodies } }, signal)
      const { id, expires_at: expiresAt } = await withRetries(submit, retrying, signal, wasNotTaken)
      return { batchId: id, expiresAtMs: expiresAt == null ? null : Date.parse(expiresAt) }
    },

    async collect(batchId, signal) {
      // It comes out of a log, which anybody may have written.
      if (!batchIdSchema.safeParse(batchId).success) return { state: 'gone' }
      try {
        const batch = await withRetries(() => batchOf({ url: `${batchesUrl}/${batchId}` }, signal), retrying, signal)
        if (batch.processing_status !== 'ended') return { state: 'running' }
        if (batch.results_url === null) return { state: 'gone' }
        return {
          state: 'ended',
          answers: await withRetries(() => answersAt(resultsUrl(batch), signal), retrying, signal),
        }
      } catch (error) {
        // No model was named: what is not found is the batch.
        if (hasCode(error, 'MODEL_NOT_FOUND')) return { state: 'gone' }
        throw error
      }
    },
  }
}
