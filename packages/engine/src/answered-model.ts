import type { LanguageModel, ModelEvent, ModelRequest, ModelUsage } from '@arawn/core/language-model'
import type { BatchAnswer } from '@arawn/core/model-batches'

export interface AnsweredModel extends LanguageModel {
  /** How many of the answers were given out. */
  answersUsed(): number
}

/**
 * A model that has answered some requests already: those it answers from what is there, all others it is asked. Which
 * answer belongs to which request is found by `requestId`, so nothing else has to be remembered between the two.
 *
 * @param answers by `requestId`
 * @param hash of a text, as hex
 */
export function createAnsweredModel(
  model: LanguageModel,
  answers: ReadonlyMap<string, BatchAnswer>,
  hash: (text: string) => string,
): AnsweredModel {
  let used = 0
  const inBatch = new Set([...answers.values()].map(({ usage }) => usage))
  const share = model.batches?.priceShare ?? 1

  function costOf(usage: ModelUsage): number | null {
    const cost = model.costOf(usage)
    return cost === null || !inBatch.has(usage) ? cost : cost * share
  }

  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const answer = answers.get(requestId(request, hash))
    if (answer === undefined) {
      yield* model.stream(request)
      return
    }
    used += 1
    if (answer.text !== '') yield { type: 'text', text: answer.text }
    yield { type: 'end', reason: answer.reason, usage: answer.usage }
  }

  return { ...model, costOf, stream, answersUsed: () => used }
}

/** The same request has the same id, in every process: a hash of what the model reads and how much it may answer. */
export function requestId(
  { system, messages, tools = [], maxOutputTokens }: ModelRequest,
  hash: (text: string) => string,
): string {
  return hash(JSON.stringify([system, messages, tools, maxOutputTokens ?? null])).slice(0, MAX_ID)
}

// As long as providers take.
const MAX_ID = 64
