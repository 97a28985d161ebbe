import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels, ModelRequest } from '@arawn/core/language-model'
import type { BatchAnswer, BatchRequest } from '@arawn/core/model-batches'
import { type ScriptedModels, scriptedModels } from './scripted-models.js'

export interface BatchingModels extends ScriptedModels {
  /** What was submitted, in order. */
  readonly submitted: readonly (readonly BatchRequest[])[]
  /** Batches that were looked at, in order. */
  readonly looked: readonly string[]
  /** How it goes from here on; by default batches run. */
  now: BatchFate
}

export interface BatchFate {
  readonly state: 'running' | 'ended' | 'gone' | 'unreachable'
  /** Of an ended one; undefined for a request that failed. By default each is answered. */
  readonly answer?: (request: ModelRequest, position: number) => Partial<BatchAnswer> | undefined
  readonly refusesToSubmit?: WorkstreamError
  readonly expiresAtMs?: number | null
  /** While requests are made of what was planned. */
  readonly whileRendering?: () => Promise<void>
  /** Before the provider answers a submission. */
  readonly whileSubmitting?: (signal: AbortSignal | undefined) => Promise<void>
}

export const goodSummary = (n: number | string) =>
  `## Objective\n- Keep the parts of ${n}.\n\n## Decisions\n- Parts stay because tests failed.\n`

const down = () =>
  new WorkstreamError('MODEL_UNREACHABLE', 'no connection', { profile: 'cheap', errno: 'ECONNREFUSED' })

/** Models of a provider that has batches. It is one provider, whichever manager asks. Asked directly, they say `direct`. */
export function batchingModels(
  direct = (position: number): string => goodSummary(`direct ${position}`),
): BatchingModels {
  const submitted: (readonly BatchRequest[])[] = []
  const looked: string[] = []
  const asked = scriptedModels(
    (_, position) => direct(position),
    ({ output_tokens = 0 }) => output_tokens,
  )
  const models: LanguageModels & { now: BatchFate } = {
    now: { state: 'running' },
    list: asked.list,
    async open(name) {
      const model = await asked.open(name)
      return {
        ...model,
        counter: {
          ...model.counter,
          count: async (texts) => {
            await models.now.whileRendering?.()
            return model.counter.count(texts)
          },
        },
        batches: {
          priceShare: 0.5,
          async submit(requests, signal) {
            const { refusesToSubmit, expiresAtMs = null, whileSubmitting } = models.now
            await whileSubmitting?.(signal)
            if (refusesToSubmit !== undefined) throw refusesToSubmit
            return { batchId: `msgbatch_${submitted.push(requests)}`, expiresAtMs }
          },
          async collect(batchId) {
            looked.push(batchId)
            const { state, answer = (_, position) => ({ text: goodSummary(`batch ${position}`) }) } = models.now
            if (state === 'unreachable') throw down()
            const requests = submitted[Number(batchId.split('_')[1]) - 1]
            if (state === 'gone' || requests === undefined) return { state: 'gone' }
            if (state === 'running') return { state }
            const answers = new Map<string, BatchAnswer>()
            for (const [position, { id, request }] of requests.entries()) {
              const given = answer(request, position)
              const usage = { input_tokens: 1_000, output_tokens: 100 }
              if (given !== undefined) answers.set(id, { text: '', reason: 'stop', usage, ...given })
            }
            return { state, answers }
          },
        },
      }
    },
  }
  return Object.assign(models, { requests: asked.requests, opened: asked.opened, submitted, looked })
}
