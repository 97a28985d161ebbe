import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, ModelTool } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { Workstream } from '@arawn/core/workstream'
import { assembleContext } from '@arawn/engine/assemble-context'
import type { ContextInput, ContextResult, CountText, FittingContext, SizedMessage } from '@arawn/engine/context'
import { budgetTokensOf, type ContextPolicy, echoRoomOf } from '@arawn/engine/context-policy'
import { countedText } from '@arawn/engine/counted-text'
import { createRecall } from '@arawn/engine/recall'
import { systemPrompt } from '@arawn/engine/system-prompt'
import { textsOfEchoes } from '@arawn/engine/texts-of-echoes'
import { addCounts, withCounts } from '@arawn/engine/with-counts'
import type { Desk } from '../operations/desk.js'
import { isStale } from '../reading/read-messages.js'
import type { HintsOf } from '../recall/question-hints.js'
import { levelIfPossible } from '../search/level-if-possible.js'
import type { SearchCare } from '../search/search-care.js'
import { readBrokenTurns } from './broken-turns.js'
import { type FoundEchoes, findEchoes, NO_ECHOES, questionOf } from './find-echoes.js'
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
  /** What models make of the question. */
  readonly hintsOf: HintsOf
}

/** What a model is sent now. @throws CONTEXT_TOO_LARGE */
export type ContextOf = (request: ContextRequest) => Promise<FittingContext>

export interface ContextParts {
  readonly policy: ContextPolicy
  /** Of texts that are no messages. */
  readonly counts: TokenCounts
  readonly sizes: MessageSizes
  readonly analyzer: TextAnalyzer
  readonly searchCare: SearchCare
  /** Summarizes what has to give way, at least the oldest of it, quickly; `undefined` stands for all that can be. */
  readonly makeRoom: (workstreamId: WorkstreamId, coverage: Coverage | undefined) => Promise<void>
}

// What is covered can be found, most of the time. A long history that cannot be searched yet is not waited for.
const LEVEL_WITHIN_MS = 250

// Each makes the raw part a good deal smaller; a history of years needs one or two.
const MAX_ATTEMPTS = 8

// No text of a model has more bytes to a token.
const BYTES_PER_TOKEN = 16

export function createContextOf(
  { index, log, ask }: Desk,
  { policy, counts, sizes, analyzer, searchCare, makeRoom }: ContextParts,
): ContextOf {
  const recall = createRecall(analyzer)
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

  async function assemble(material: ContextMaterial, request: ContextRequest): Promise<ContextResult> {
    const { workstream, turnStart, model, tools, instructions, imagined } = request
    const system = systemPrompt(workstream, tools, instructions)
    const shownTools = tools.map(({ name, description, parameters }) => ({ name, description, parameters }))
    const sized = await ask(() => sizes.sizesOf(workstream.id, model.counter, material.messages))
    const echoes = await echoesOf(material, sized, request)
    const brokenTurns = await ask(() => readBrokenTurns(index, workstream.id, material.messages))
    counts.trim()
    const known = counts.of(model.counter)
    const unsized = imagined === undefined ? [] : [countedText(imagined)]
    await addCounts(model.counter, [...unsized, ...textsOfEchoes(echoes, echoRoom(model))], known)
    return withCounts(model.counter, (count) => assembleContext(inputOf(count)), known)

    function inputOf(count: CountText): ContextInput {
      return {
        system,
        workstream,
        workstreamSummary: material.workstreamSummary,
        sessionSummaries: material.sessionSummaries,
        messages: imagined === undefined ? sized : [...sized, { ...imagined, tokens: count(countedText(imagined)) }],
        sessions: material.sessions,
        ...echoes,
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

  function echoRoom(model: LanguageModel): number {
    return echoRoomOf(budgetTokensOf({ ...model, errorShare: model.counter.errorShare }), policy)
  }

  /** Nothing but what summaries cover is echoed. */
  async function echoesOf(
    { workstreamSummary, sessionSummaries, messages }: ContextMaterial,
    sized: readonly SizedMessage[],
    { workstream, turnStart, model, imagined, hintsOf }: ContextRequest,
  ): Promise<FoundEchoes> {
    // What began with a user goes on when the turn begins with the results of calls.
    const spoken =
      imagined ??
      messages.findLast(
        ({ sequence, role }) =>
          sequence <= turnStart && (role === 'user' || (sequence === turnStart && role !== 'tool_result')),
      )
    const covered = [...(workstreamSummary?.coverage ?? []), ...sessionSummaries.flatMap(({ coverage }) => coverage)]
    const last = Math.min(
      turnStart - 1,
      covered.reduce((greatest, [, to]) => Math.max(greatest, to), 0),
    )
    if (last === 0 || spoken === undefined) return NO_ECHOES
    const room = echoRoom(model)
    if (room <= 0) return NO_ECHOES
    const earlier = sized.filter(({ sequence }) => sequence < turnStart)
    const rawTokens = earlier.reduce((sum, { tokens }) => sum + tokens, 0)
    const question = questionOf(spoken)
    const hinted = hintsOf(question.text)
    const place = {
      workstreamId: workstream.id,
      question,
      before: last + 1,
      raw: new Set(earlier.map(({ sequence }) => sequence)),
      room,
      newestRoom: policy.recentShare * room - rawTokens,
    }
    try {
      if ((await ask(() => index.searchedUpTo(workstream.id, analyzer.version))) < last)
        await levelIfPossible(searchCare, { withinMs: LEVEL_WITHIN_MS })
      const request = { ...place, hints: await hinted }
      return await ask(() => findEchoes({ rows: index, log, recall, analyzerVersion: analyzer.version }, request))
    } catch (error) {
      // A log that was edited is read afresh by whoever asks next; nobody waits for echoes.
      if (isStale(error)) return NO_ECHOES
      throw error
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
