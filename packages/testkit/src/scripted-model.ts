import { WorkstreamError } from '@arawn/core/error'
import type {
  LanguageModel,
  LanguageModels,
  ModelEvent,
  ModelRequest,
  ModelUsage,
  ToolCall,
} from '@arawn/core/language-model'
import { nearestNames } from '@arawn/core/nearest'
import type { TokenCounter } from '@arawn/core/token-counter'
import { reasonOf } from './provider-answer.js'

/** What a scripted model answers: its text in pieces, calls, and how it ends. */
export interface ModelAnswer {
  readonly text?: string | readonly string[]
  readonly calls?: readonly ToolCall[]
  readonly reason?: Extract<ModelEvent, { type: 'end' }>['reason']
  readonly usage?: ModelUsage
  /** Thrown behind the text and the calls, instead of the end. */
  readonly fails?: WorkstreamError
  /** Waited for before each event: a test holds the model here. */
  readonly before?: (event: ModelEvent) => Promise<unknown>
}

/** A list is gone through, its last answer stays; a function is asked each time. A text is an answer of one piece. */
export type ModelScript =
  | readonly (ModelAnswer | string)[]
  | ((request: ModelRequest, position: number) => ModelAnswer | string | Promise<ModelAnswer | string>)

export interface ScriptedModelOptions {
  readonly profile?: string
  readonly model?: string
  readonly windowTokens?: number
  readonly maxOutputTokens?: number
  readonly counter?: TokenCounter
  /** Not known by default. */
  readonly costOf?: LanguageModel['costOf']
}

export interface ScriptedModel extends LanguageModel {
  /** What it was asked so far, oldest first. */
  readonly requests: readonly ModelRequest[]
}

/** A token for each four characters, so that tests can say what fits. */
export const fourCharacters: TokenCounter = {
  name: 'four-characters',
  errorShare: 0,
  count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
}

/** A model in memory that says what a test wants. */
export function createScriptedModel(script: ModelScript, options: ScriptedModelOptions = {}): ScriptedModel {
  const { profile = 'scripted', model = 'script', windowTokens = 100_000, maxOutputTokens = 1_000 } = options
  const requests: ModelRequest[] = []

  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const position = requests.push(request) - 1
    const stopped = stopOf(request.signal, profile)
    const given =
      typeof script === 'function' ? await script(request, position) : script[Math.min(position, script.length - 1)]
    if (given === undefined) throw new Error('the script is empty')
    const answer = typeof given === 'string' ? { text: given } : given
    for (const event of eventsOf(answer)) {
      await Promise.race([answer.before?.(event) ?? Promise.resolve(), stopped.promise])
      stopped.check()
      if (event.type === 'end' && answer.fails !== undefined) throw answer.fails
      yield event
    }
  }

  return {
    profile,
    model,
    windowTokens,
    maxOutputTokens,
    counter: options.counter ?? fourCharacters,
    costOf: options.costOf ?? (() => null),
    requests,
    stream,
  }
}

/** A registry of scripted models; the first is the default. `profile/model` is the model of that profile. */
export function createScriptedModels(models: readonly LanguageModel[]): LanguageModels {
  return {
    async open(name) {
      const profile = name?.split('/')[0]
      const found = name === null ? models[0] : models.find((model) => model.profile === profile)
      if (found !== undefined) return found
      const names = models.map((model) => model.profile)
      const details = { profile: name ?? '', suggestions: nearestNames(name ?? '', names) }
      throw new WorkstreamError('MODEL_PROFILE_UNKNOWN', `there is no model profile ${name}`, details)
    },
    list: async () =>
      models.map(({ profile, model }, position) => ({
        profile,
        provider: 'scripted',
        model,
        isDefault: position === 0,
        problem: null,
      })),
  }
}

function eventsOf(answer: ModelAnswer): ModelEvent[] {
  const { text = [], calls = [], usage = { input_tokens: 12, output_tokens: 5 } } = answer
  const pieces = typeof text === 'string' ? [text] : text
  const reason = reasonOf({ calls, ...(answer.reason === undefined ? {} : { reason: answer.reason }) })
  return [
    ...pieces.map((piece) => ({ type: 'text' as const, text: piece })),
    ...calls.map((call) => ({ type: 'tool_call' as const, call })),
    { type: 'end', reason, usage },
  ]
}

function stopOf(signal: AbortSignal | undefined, profile: string) {
  const error = () => new WorkstreamError('MODEL_ABORTED', `${profile}: the call was stopped`, { profile })
  const check = () => {
    if (signal?.aborted === true) throw error()
  }
  const promise = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(error()), { once: true })
  })
  promise.catch(() => {})
  return { promise, check }
}
