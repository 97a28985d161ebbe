import { type ErrorCode, hasCode } from '@arawn/core/error'
import type { LanguageModel, ModelEvent, ModelRequest } from '@arawn/core/language-model'
import { afterEach, describe, expect, it } from 'vitest'
import { longHistory, lookTool, textIn, userSays } from './language-model-steps.js'
import type { ProviderAnswer, RefusalKind } from './provider-answer.js'

/** A model for one test. */
export interface LanguageModelUnderTest {
  readonly model: LanguageModel
  /** Deletes everything. */
  dispose(): Promise<void>
}

/** Sets up a model that answers so; what it says of its own accord is not looked at. */
export type SetUpLanguageModel = (answers: readonly ProviderAnswer[]) => Promise<LanguageModelUnderTest>

export interface LanguageModelSupports {
  /** It says what a script says: text, calls, usage. The offline model does not. */
  readonly scripts: boolean
  /** It can fail as a provider does. */
  readonly failures: boolean
}

/** What every adapter of `LanguageModel` promises. */
export function describeLanguageModel(name: string, setUp: SetUpLanguageModel, supports: LanguageModelSupports): void {
  describe(`LanguageModel: ${name}`, () => {
    let underTest: LanguageModelUnderTest | undefined

    async function open(...answers: readonly ProviderAnswer[]): Promise<LanguageModel> {
      underTest = await setUp(answers)
      return underTest.model
    }
    afterEach(async () => {
      await underTest?.dispose()
      underTest = undefined
    })

    describe('what it says of itself', () => {
      it('names its profile and its model, and leaves room for a question beside the answer', async () => {
        const { profile, model, windowTokens, maxOutputTokens } = await open({ text: ['Hi.'] })
        expect(profile).not.toBe('')
        expect(model).not.toBe('')
        expect(maxOutputTokens).toBeGreaterThan(0)
        expect(windowTokens).toBeGreaterThan(maxOutputTokens)
      })

      it('claims no cost for a call of which it does not know what it used', async () => {
        const { costOf } = await open({ text: ['Hi.'] })
        expect(costOf({})).toBeNull()
        expect(costOf({ output_tokens: 5 })).toBeNull()
      })

      it('counts each text, in order, and never throws', async () => {
        const { counter } = await open({ text: ['Hi.'] })
        const texts = ['', 'one', 'one two three four five six', '<|endoftext|> \ud800 \u0000 🦆 汉字']
        const counts = await counter.count(texts)
        expect(counts).toHaveLength(texts.length)
        expect(counts[0]).toBe(0)
        expect(counts[2]).toBeGreaterThan(counts[1] ?? 0)
        expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true)
        expect(await counter.count([])).toEqual([])
        expect(counter.errorShare).toBeGreaterThanOrEqual(0)
        expect(counter.errorShare).toBeLessThan(1)
      })
    })

    describe('an answer', () => {
      it('comes in pieces and ends once, with `end`', async () => {
        const model = await open({ text: ['Good ', 'morn', 'ing.'] })
        const events = await eventsOf(model, userSays('Hello'))
        expect(events.at(-1)?.type).toBe('end')
        expect(events.filter(({ type }) => type === 'end')).toHaveLength(1)
        expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(1)
        expect(textIn(events)).not.toBe('')
      })

      it('is asked for anew with each call of `stream`', async () => {
        const model = await open({ text: ['Hi.'] })
        const first = await eventsOf(model, userSays('Hello'))
        expect(await eventsOf(model, userSays('Hello'))).toEqual(first)
      })

      it('takes any history: parallel calls, failed ones, empty texts, ids from elsewhere', async () => {
        const model = await open({ text: ['All ', 'right.'] })
        const events = await eventsOf(model, {
          system: '',
          messages: longHistory,
          tools: [lookTool],
          stableMessages: 3,
        })
        expect(events.at(-1)?.type).toBe('end')
      })

      it('takes any system prompt and any number of stable messages', async () => {
        const model = await open({ text: ['All ', 'right.'] })
        for (const stableMessages of [0, 1, longHistory.length, 1_000, undefined])
          for (const system of ['', ' \n', 'Be brief.'])
            expect((await eventsOf(model, { system, messages: longHistory, stableMessages })).at(-1)?.type).toBe('end')
      })
    })

    describe('stopping', () => {
      it('fails at once when it was stopped before', async () => {
        const model = await open({ text: ['Hi.'] })
        await expectFailure(model, { ...userSays('Hello'), signal: AbortSignal.abort() }, 'MODEL_ABORTED')
      })

      it('stops in the middle; what came stays good', async () => {
        const model = await open({ text: ['one ', 'two ', 'three ', 'four '], pauseMs: 20 })
        const stopping = new AbortController()
        const texts: string[] = []
        const failure = await codeOf(async () => {
          for await (const event of model.stream({ ...userSays('Hello'), signal: stopping.signal })) {
            if (event.type === 'text') texts.push(event.text)
            stopping.abort()
          }
        })
        expect(failure).toBe('MODEL_ABORTED')
        expect(texts).toHaveLength(1)
      })

      it('lets whoever reads leave', async () => {
        const model = await open({ text: ['one ', 'two ', 'three '], pauseMs: 5 })
        for await (const _ of model.stream(userSays('Hello'))) break
        expect((await eventsOf(model, userSays('Hello'))).at(-1)?.type).toBe('end')
      })
    })

    describe.runIf(supports.scripts)('what the provider says (skipped where answers follow no script)', () => {
      it('comes piece by piece, in order', async () => {
        const pieces = ['Grüß ', 'Gott, ', '世界 ', '🦆', '\n\n', '{"a": 1}']
        const model = await open({ text: pieces })
        const events = await eventsOf(model, userSays('Hello'))
        expect(events.filter(({ type }) => type === 'text')).toEqual(pieces.map((text) => ({ type: 'text', text })))
      })

      it('comes before it is all there', async () => {
        const model = await open({ text: ['one ', 'two ', 'three '], pauseMs: 30 })
        const times: number[] = []
        for await (const { type } of model.stream(userSays('Hello'))) if (type === 'text') times.push(performance.now())
        expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(30)
      })

      it('has calls of tools, whole and in order, behind the text', async () => {
        const calls = [
          { id: 'call_1', name: 'look', arguments: { text: 'ducks "and" {geese}', depth: [1, null, { a: true }] } },
          { id: 'call_2', name: 'look', arguments: {} },
        ]
        const model = await open({ text: ['Let me see.'], calls })
        const events = await eventsOf(model, { ...userSays('Hello'), tools: [lookTool] })
        expect(events.slice(0, -1)).toEqual([
          { type: 'text', text: 'Let me see.' },
          ...calls.map((call) => ({ type: 'tool_call', call })),
        ])
        expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'tool_calls' })
      })

      it('goes on with the results', async () => {
        const calls = [{ id: 'call_1', name: 'look', arguments: { text: 'ducks' } }]
        const model = await open({ calls }, { text: ['Three ', 'ducks.'] })
        const question = { role: 'user' as const, content: 'How many?' }
        const tools = [lookTool]
        const first = await eventsOf(model, { system: '', messages: [question], tools })
        expect(first[0]).toEqual({ type: 'tool_call', call: calls[0] })
        const results = [{ id: 'call_1', name: 'look', output: '3', isError: false }]
        const messages = [
          question,
          { role: 'assistant' as const, content: '', toolCalls: calls },
          { role: 'tool' as const, results },
        ]
        expect(textIn(await eventsOf(model, { system: '', messages, tools }))).toBe('Three ducks.')
      })

      it('has its usage, also of the cache', async () => {
        const usage = { input_tokens: 1200, cached_input_tokens: 1000, output_tokens: 34 }
        const model = await open({ text: ['Hi.'], usage })
        expect((await eventsOf(model, userSays('Hello'))).at(-1)).toEqual({ type: 'end', reason: 'stop', usage })
      })

      it.each(['stop', 'length', 'refused'] as const)('says why it ended: %s', async (reason) => {
        const model = await open({ text: ['Hi.'], reason })
        expect((await eventsOf(model, userSays('Hello'))).at(-1)).toMatchObject({ reason })
      })
    })

    describe.runIf(supports.failures)('failures (skipped where no provider can fail)', () => {
      const expected: readonly [RefusalKind, ErrorCode][] = [
        ['bad_key', 'MODEL_AUTH'],
        ['forbidden', 'MODEL_AUTH'],
        ['no_model', 'MODEL_NOT_FOUND'],
        ['overflow', 'MODEL_OVERFLOW'],
        ['policy', 'MODEL_REFUSED'],
        ['no_quota', 'MODEL_REFUSED'],
        ['rate_limit', 'MODEL_RATE_LIMITED'],
        ['failed', 'MODEL_FAILED'],
        ['overloaded', 'MODEL_FAILED'],
        ['not_json', 'MODEL_FAILED'],
      ]
      it.each(expected)('a provider that says %s is %s', async (refuses, code) => {
        await expectFailure(await open({ refuses }), userSays('Hello'), code)
      })

      it.each([
        ['reset', 'MODEL_UNREACHABLE'],
        ['closed', 'MODEL_UNREACHABLE'],
        ['malformed', 'MODEL_FAILED'],
        ['error', 'MODEL_FAILED'],
        ['silence', 'MODEL_UNREACHABLE'],
      ] as const)('an answer that ends with %s is %s; what came stays good', async (ending, code) => {
        const model = await open({ text: ['one ', 'two '], ending })
        const events: ModelEvent[] = []
        const failure = await codeOf(async () => {
          for await (const event of model.stream(userSays('Hello'))) events.push(event)
        })
        expect(failure).toBe(code)
        expect(textIn(events)).toBe('one two ')
        expect(events.some(({ type }) => type === 'end')).toBe(false)
      })
    })
  })
}

async function eventsOf(model: LanguageModel, request: ModelRequest): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.stream(request)) events.push(event)
  return events
}

async function expectFailure(model: LanguageModel, request: ModelRequest, code: ErrorCode): Promise<void> {
  expect(await codeOf(() => eventsOf(model, request))).toBe(code)
}

async function codeOf(work: () => Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && hasCode(error, error.code as ErrorCode)) return error.code
    throw error
  }
  return null
}
