import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, ModelTool } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import { assembleContext } from '@arawn/engine/assemble-context'
import type { ContextInput, ContextResult, CountText, FittingContext } from '@arawn/engine/context'
import type { ContextPolicy } from '@arawn/engine/context-policy'
import { countedText } from '@arawn/engine/counted-text'
import { systemPrompt } from '@arawn/engine/system-prompt'
import { withCounts } from '@arawn/engine/with-counts'
import type { Desk } from '../operations/desk.js'
import { readBrokenTurns } from './broken-turns.js'
import type { MessageSizes } from './message-sizes.js'
import { type ContextMaterial, readMaterial } from './read-material.js'
import type { TokenCounts } from './token-counts.js'

export interface ContextRequest {
  readonly workstream: Workstream
  /** Sequence of the message that began the turn. */
  readonly turnStart: number
  readonly model: LanguageModel
  readonly tools: readonly ModelTool[]
  /** Of the caller, for this turn. */
  readonly instructions?: string | undefined
  /** What somebody might say next: not in the log. */
  readonly imagined?: Message | undefined
}

/** What a model is sent now. @throws CONTEXT_TOO_LARGE */
export type ContextOf = (request: ContextRequest) => Promise<FittingContext>

export interface ContextParts {
  readonly policy: ContextPolicy
  /** Of texts that are no messages. */
  readonly counts: TokenCounts
  readonly sizes: MessageSizes
  /** Summarizes what has to give way, at least the oldest of it, quickly; `undefined` stands for all that can be. */
  readonly makeRoom: (workstreamId: WorkstreamId, coverage: Coverage | undefined) => Promise<void>
}

// Each makes the raw part a good deal smaller; a history of years needs one or two.
const MAX_ATTEMPTS = 8

// No text of a model has more bytes to a token.
const BYTES_PER_TOKEN = 16

export function createContextOf(
  { index, log, ask }: Desk,
  { policy, counts, sizes, makeRoom }: ContextParts,
): ContextOf {
  return async (request) => {
    const { workstream, model } = request
    const { id } = workstream
    const maxBytes = model.windowTokens * BYTES_PER_TOKEN
    for (let attempt = 1; ; attempt++) {
      const material = await ask(() => readMaterial({ rows: index, log }, id, maxBytes))
      const result = material.isTooMuch ? undefined : await assemble(material, request)
      if (result?.fits === true) return result
      if (attempt === MAX_ATTEMPTS) throw tooLarge(model, result)
      await makeRoom(id, result?.compress)
    }
  }

  async function assemble(
    material: ContextMaterial,
    { workstream, turnStart, model, tools, instructions, imagined }: ContextRequest,
  ): Promise<ContextResult> {
    const system = systemPrompt(workstream, tools, instructions)
    const shownTools = tools.map(({ name, description, parameters }) => ({ name, description, parameters }))
    const sized = await ask(() => sizes.sizesOf(workstream.id, model.counter, material.messages))
    const brokenTurns = await ask(() => readBrokenTurns(index, workstream.id, material.messages))
    counts.trim()
    return withCounts(model.counter, (count) => assembleContext(inputOf(count)), counts.of(model.counter))

    function inputOf(count: CountText): ContextInput {
      return {
        system,
        workstream,
        workstreamSummary: material.workstreamSummary,
        sessionSummaries: material.sessionSummaries,
        messages: imagined === undefined ? sized : [...sized, { ...imagined, tokens: count(countedText(imagined)) }],
        sessions: material.sessions,
        echoes: [],
        turnStart,
        brokenTurns,
        budget: {
          windowTokens: model.windowTokens,
          maxOutputTokens: model.maxOutputTokens,
          errorShare: model.counter.errorShare,
          toolTokens: tools.length === 0 ? 0 : count(JSON.stringify(shownTools)),
          setting: `llm_profiles.${model.profile}.context_tokens`,
        },
        policy,
        count,
      }
    }
  }
}

function tooLarge({ windowTokens, profile }: LanguageModel, result: ContextResult | undefined) {
  const setting = `llm_profiles.${profile}.context_tokens`
  const neededTokens = result?.fits === false ? result.neededTokens : windowTokens
  return new WorkstreamError('CONTEXT_TOO_LARGE', `what is not summarized does not fit into ${windowTokens} tokens`, {
    neededTokens,
    windowTokens,
    setting,
  })
}
