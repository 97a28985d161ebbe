import type { WorkstreamError } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import { type FailureFacts, failureOf } from './failure.js'
import { delayBeforeNext, type RetryPolicy, type RetryTools } from './retry-policy.js'
import { RequestStopped } from './watched-parts.js'

export interface RetryParts {
  readonly facts: FailureFacts
  readonly retries: RetryPolicy
  readonly tools: RetryTools
  readonly logger: Logger
}

/**
 * Calls a provider, again after failures that pass.
 *
 * @param mayRepeat whether a call that failed so can be made again without being paid twice
 * @throws what `failureOf` makes of the last failure
 */
export async function withRetries<Answer>(
  call: () => Promise<Answer>,
  { facts, retries, tools, logger }: RetryParts,
  signal: AbortSignal | undefined,
  mayRepeat: (error: WorkstreamError) => boolean = () => true,
): Promise<Answer> {
  for (let failures = 1; ; failures++) {
    try {
      return await call()
    } catch (caught) {
      const failure = failureOf(caught, facts)
      const { error } = failure
      const delayMs = delayBeforeNext(retries, failures, failure.retryAfterMs, tools.random)
      if (!failure.isPassing || delayMs === null || !mayRepeat(error)) throw error
      logger.info('a call of a provider is tried again', {
        profile: facts.profile,
        code: error.code,
        failures,
        delayMs,
      })
      await tools.sleep(delayMs, signal)
      if (signal?.aborted === true) throw failureOf(new RequestStopped(), facts).error
    }
  }
}
