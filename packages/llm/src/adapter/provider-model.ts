import { setTimeout as wait } from 'node:timers/promises'
import type { LanguageModelV3 } from '@ai-sdk/provider'
import type { LanguageModel, ModelEvent, ModelRequest } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { ModelBatches } from '@arawn/core/model-batches'
import type { TokenCounter } from '@arawn/core/token-counter'
import { costOf } from '../cost.js'
import type { TokenPrice } from '../llm-profile.js'
import { callOptions } from './call-options.js'
import { eventsOfParts } from './events-of-parts.js'
import { type FailureFacts, failureOf } from './failure.js'
import { delayBeforeNext, type RetryPolicy, type RetryTools } from './retry-policy.js'
import { RequestStopped, watchedParts } from './watched-parts.js'

export interface ProviderModelFacts extends FailureFacts {
  readonly maxOutputTokens: number
  readonly price: TokenPrice | undefined
}

/** A provider's model behind the port. One call of the SDK is one request: trying again is done here. */
export function createProviderModel(
  { sdk, batches, counter, logger, tools }: ProviderModelParts,
  facts: ProviderModelFacts,
  retries: RetryPolicy,
): LanguageModel {
  const { profile, model, windowTokens, maxOutputTokens, idleTimeoutMs, price } = facts

  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    for (let failures = 0; ; ) {
      let hasBegun = false
      try {
        for await (const event of callOnce(request)) {
          hasBegun = true
          yield event
        }
        return
      } catch (caught) {
        const failure = failureOf(caught, facts)
        failures += 1
        const delayMs = delayBeforeNext(retries, failures, failure.retryAfterMs, tools.random)
        if (hasBegun || !failure.isPassing || delayMs === null) throw failure.error
        logger.info('a call of a model is tried again', { profile, code: failure.error.code, failures, delayMs })
        await tools.sleep(delayMs, request.signal)
        if (request.signal?.aborted === true) throw failureOf(new RequestStopped(), facts).error
      }
    }
  }

  function callOnce(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const options = callOptions(request, maxOutputTokens)
    return eventsOfParts(watchedParts(sdk, options, { signal: request.signal, idleTimeoutMs }))
  }

  return {
    profile,
    model,
    windowTokens,
    maxOutputTokens,
    counter,
    costOf: (usage) => (price === undefined ? null : costOf(usage, price)),
    stream,
    batches,
  }
}

export interface ProviderModelParts {
  readonly sdk: LanguageModelV3
  readonly batches?: ModelBatches | undefined
  readonly counter: TokenCounter
  readonly logger: Logger
  readonly tools: RetryTools
}

export const systemRetryTools: RetryTools = {
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => {}),
  random: Math.random,
}
