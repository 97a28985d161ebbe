import type { LanguageModel, ModelEvent, ModelRequest } from '@arawn/core/language-model'
import type { TokenCounter } from '@arawn/core/token-counter'

/** Four characters a token, as long as nobody needs it better. */
export const quarterCounter: TokenCounter = {
  name: 'quarter@1',
  errorShare: 0,
  count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
}

export interface ScriptedModel extends LanguageModel {
  readonly requests: ModelRequest[]
}

/** Answers by a function: a text, events, or an error that it throws. */
export function scriptedModel(
  answer: (request: ModelRequest, call: number) => string | readonly ModelEvent[] | Error,
  windowTokens = 100_000,
  costOf: LanguageModel['costOf'] = () => null,
): ScriptedModel {
  const requests: ModelRequest[] = []
  return {
    profile: 'scripted',
    model: 'scripted-1',
    windowTokens,
    maxOutputTokens: Math.min(4_000, Math.floor(windowTokens / 4)),
    counter: quarterCounter,
    costOf,
    requests,
    async *stream(request) {
      requests.push(request)
      const said = answer(request, requests.length)
      if (said instanceof Error) throw said
      if (typeof said !== 'string') yield* said
      else {
        for (let at = 0; at < said.length; at += 50) yield { type: 'text', text: said.slice(at, at + 50) }
        yield { type: 'end', reason: 'stop', usage: { input_tokens: 100, output_tokens: 20 } }
      }
    },
  }
}

/** What was between the marks of a prompt. */
export function recordOf(request: ModelRequest): string {
  const [message] = request.messages
  return /BEGIN record-\w+\n([\s\S]*?)\nEND record-/.exec(message?.role === 'user' ? message.content : '')?.[1] ?? ''
}
