import { addCost } from '@arawn/core/cost'
import type { EndReason, LanguageModel, ModelRequest, ModelUsage } from '@arawn/core/language-model'
import type { Prompt } from '../summary-prompt.js'

export interface ModelAnswer {
  readonly text: string
  /** Undefined when the stream stopped without saying why. */
  readonly end: EndReason | undefined
}

/** What all calls of one piece of work have used. */
export interface Spending {
  calls: number
  inputTokens: number
  outputTokens: number
  /** In US dollars; null when it is not known for each of them. */
  costUsd: number | null
}

/** @throws what the model throws, or the reason of the signal */
export async function askModel(
  model: LanguageModel,
  prompt: Prompt,
  maxOutputTokens: number,
  spending: Spending,
  signal: AbortSignal | undefined,
): Promise<ModelAnswer> {
  signal?.throwIfAborted()
  spending.calls++
  let text = ''
  let end: EndReason | undefined
  let usage: ModelUsage = {}
  let costUsd: number | null = null
  try {
    for await (const event of model.stream({ ...requestOf(prompt, maxOutputTokens), signal })) {
      signal?.throwIfAborted()
      if (event.type === 'text') text += event.text
      if (event.type === 'end') {
        end = event.reason
        usage = event.usage
        costUsd = model.costOf(usage)
      }
      // A model that goes on and on is stopped: what it says is no summary any more.
      if (text.length > maxOutputTokens * MAX_CHARS_PER_TOKEN) end = 'length'
      if (end !== undefined) break
    }
  } finally {
    // A call that broke off was paid for, too, but nobody says how much.
    spending.costUsd = addCost(spending.costUsd, costUsd)
  }
  signal?.throwIfAborted()
  const [input = 0, output = 0] = await model.counter.count([`${prompt.system}\n${prompt.user}`, text])
  spending.inputTokens += usage.input_tokens ?? input
  spending.outputTokens += usage.output_tokens ?? output
  return { text, end }
}

const MAX_CHARS_PER_TOKEN = 20

export function requestOf({ system, user }: Prompt, maxOutputTokens: number): ModelRequest {
  return { system, messages: [{ role: 'user', content: user }], maxOutputTokens }
}
