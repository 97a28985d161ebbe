import type { LanguageModel, LanguageModels, ModelEvent, ModelRequest } from '@arawn/core/language-model'

/** What a model does with a request: text, events, or what it throws. */
export type Script = (request: ModelRequest, call: number) => AsyncIterable<ModelEvent> | string | readonly ModelEvent[]

export interface ScriptedModels extends LanguageModels {
  /** What the model was sent, in order. */
  readonly requests: ModelRequest[]
  /** The names under which models were opened. */
  readonly opened: (string | null)[]
}

/** Models that answer as a test says. */
export function scriptedModels(script: Script, costOf: LanguageModel['costOf'] = () => null): ScriptedModels {
  const requests: ModelRequest[] = []
  const opened: (string | null)[] = []
  const modelNamed = (name: string): LanguageModel => ({
    profile: name,
    model: 'scripted',
    windowTokens: 100_000,
    maxOutputTokens: 1_000,
    counter: {
      name: 'quarters',
      errorShare: 0,
      count: async (texts) => texts.map(({ length }) => Math.ceil(length / 4)),
    },
    costOf,
    async *stream(request) {
      requests.push(request)
      const said = script(request, requests.length)
      if (typeof said === 'string') {
        yield { type: 'text', text: said }
        yield { type: 'end', reason: 'stop', usage: { input_tokens: 10, output_tokens: 2 } }
      } else yield* said
    },
  })
  return {
    requests,
    opened,
    open: async (name) => {
      opened.push(name)
      return modelNamed(name ?? 'default')
    },
    list: async () => [],
  }
}
