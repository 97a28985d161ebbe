import type { ModelMessage } from '@arawn/core/language-model'
import { assert, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleContext } from '../src/assemble-context.js'
import type { ContextInput } from '../src/context.js'
import { inputOf, textsOf } from './context/context-inputs.js'
import { anyHistory, countQuarters, logOf, type Said } from './context/histories.js'
import { anthropicProblems, openAiProblems } from './context/provider-grammar.js'

const user = (content: string): Said => ({ role: 'user', content })
const call = (id: string, command: string): Said => ({
  role: 'tool_use',
  content: '',
  metadata: { tool_call_id: id, tool_name: 'Bash', arguments: { command } },
})
const result = (id: string, content: string): Said => ({ role: 'tool_result', content, metadata: { tool_call_id: id } })
const says = (content: string): Said => ({ role: 'assistant', content })
const push = (content: string): Said => ({ role: 'agent_push', content, author: 'ci-bot' })

function assembled(said: readonly Said[], turnStart: number, more: Partial<ContextInput> = {}) {
  const context = assembleContext(inputOf(logOf(said, countQuarters), turnStart, more))
  if (!context.fits) throw new Error('it fits')
  return context
}

function shapeOf(messages: readonly ModelMessage[]): string[] {
  return messages.map((message) => {
    if (message.role === 'tool') return `tool ${message.results.map(({ id, output }) => `${id}=${output}`).join(' ')}`
    if (message.role === 'user') return `user ${message.content.replaceAll('\n', ' ')}`
    return `assistant ${message.content}${message.toolCalls.map(({ id }) => ` <${id}>`).join('')}`
  })
}

describe('a turn in a context', () => {
  it('has the results of parallel calls behind them, whatever came in between', () => {
    const said = [
      user('go'),
      says('two things'),
      call('a', 'ls'),
      call('b', 'pwd'),
      result('b', '/x'),
      push('build 7 failed'),
      result('a', 'f'),
    ]
    expect(shapeOf(assembled(said, 1).messages)).toEqual([
      'user [session of 2026-01-15 10:01 UTC]  go',
      'assistant two things <c00000003> <c00000004>',
      'tool c00000003=f c00000004=/x',
      'user [push from ci-bot, 2026-01-15 10:06 UTC] build 7 failed',
    ])
  })

  it('answers calls that have no result, and says where a turn was interrupted', () => {
    const said = [
      { ...user('go'), interaction: 'int_1' },
      { ...call('a', 'ls'), interaction: 'int_1' },
      user('and now?'),
    ]
    const { messages } = assembled(said, 3, { brokenTurns: new Map([['int_1', 'interrupted']]) })
    expect(shapeOf(messages)).toEqual([
      'user [session of 2026-01-15 10:01 UTC]  go',
      'assistant  <c00000002>',
      'tool c00000002=no result was recorded',
      'assistant [turn was interrupted here]',
      'user and now?',
    ])
  })

  it('a result apart from its call is words', () => {
    const said = [user('go'), call('a', 'ls'), user('hurry'), result('a', 'late'), result('z', 'whose?')]
    expect(shapeOf(assembled(said, 3).messages).at(-1)).toBe(
      'user hurry  [tool result of unknown_tool, apart from its call, 2026-01-15 10:04 UTC] late  ' +
        '[tool result of unknown_tool, apart from its call, 2026-01-15 10:05 UTC] whose?',
    )
  })

  it('a message that was sent while a turn ran does not part calls and results', () => {
    const inTurn = (one: Said): Said => ({ ...one, interaction: 'int_1' })
    const said = [
      inTurn(user('go')),
      inTurn(call('a', 'ls')),
      user('hurry'),
      inTurn(result('a', 'f')),
      inTurn(says('done')),
      user('thanks'),
    ]
    expect(shapeOf(assembled(said, 6).messages).slice(1, 4)).toEqual([
      'assistant  <c00000002>',
      'tool c00000002=f',
      'user hurry',
    ])
  })

  it('grows at its end only, as calls are answered', () => {
    const said = [
      user('old'),
      says('answer'),
      user('go'),
      call('a', 'ls'),
      result('a', 'f'),
      says('hm'),
      call('a', 'pwd'),
      result('a', '/'),
    ]
    const at = (length: number) => JSON.stringify(assembled(said.slice(0, length), 3).messages).slice(0, -1)
    expect(at(5).startsWith(at(3))).toBe(true)
    expect(at(8).startsWith(at(5))).toBe(true)
  })

  it('is taken by both providers even when it does not begin with a user', () => {
    assert(
      property(anyHistory, nat(), ({ said }, place) => {
        const context = assembled(said, 1 + (place % said.length))
        expect(openAiProblems(context)).toEqual([])
        expect(anthropicProblems(context)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('echoes stand right before the new message, both labelled', () => {
    const [old] = logOf([user('the port is 7777')], countQuarters)
    if (old === undefined) throw new Error('there is one')
    const { messages, stableMessages } = assembled([user('hi'), says('hello'), user('which port?')], 3, {
      echoes: [{ message: { ...old, sequence: 900 }, score: 2, scores: { words: 2 } }],
    })
    expect(stableMessages).toBe(2)
    expect(messages[2]).toEqual({
      role: 'user',
      content:
        '[recalled messages from earlier in this workstream; they are not new]\n' +
        '[2026-01-15]\nuser: the port is 7777\n[end of recalled messages]\n\n' +
        '[message from the user, 2026-01-15 10:03 UTC]\nwhich port?',
    })
  })

  it('labels are ours only: content that has one keeps it as content', () => {
    assert(
      property(anyHistory, ({ said, turnIndex }) => {
        const context = assembled(said, turnIndex + 1)
        const text = context.messages.map((message) => (message.role === 'tool' ? '' : message.content)).join('\n')
        const lines = text.split(/[\n\r\v\f\u0085\u2028\u2029]/u).map((line) => line.trim())
        const count = (start: string) => lines.filter((line) => line.startsWith(start)).length
        expect(count('[push from ')).toBe(said.filter(({ role }) => role === 'agent_push').length)
        expect(count('[system note')).toBe(said.filter(({ role }) => role === 'system').length)
        expect(count('[end of recalled')).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what does not fit', () => {
  const budget = (windowTokens: number) => ({ ...inputOf([], 1).budget, windowTokens, maxOutputTokens: 100 })
  const long = (letter: string, tokens: number) => letter.repeat(tokens * 4)

  it('old tool results are one line; errors keep more', () => {
    const turn = (id: string): Said[] => [user('go'), call(id, 'ls'), result(id, long('x', 5_000)), says('done')]
    const failed: Said[] = [
      user('go'),
      call('e', 'make'),
      { ...result('e', `E1 ${long('y', 5_000)}`), metadata: { tool_call_id: 'e', is_error: true } },
    ]
    const said = [
      ...turn('a'),
      ...failed,
      ...Array.from({ length: 20 }, (_, index) => turn(`r${index}`)).flat(),
      user('now'),
    ]
    const context = assembled(said, said.length)
    const texts = textsOf(context)
    expect(texts).toContainEqual(
      expect.stringMatching(/^\[result of Bash left out: 5000 tokens, 20000 characters; it begins: "x+"\]$/u),
    )
    expect(texts).toContainEqual(expect.stringMatching(/^\[error of Bash, 5001 tokens, shortened\]\nE1 y{300}/u))
    expect(texts.filter((text) => text === long('x', 5_000)).length).toBeGreaterThan(12)
    expect(context.parts.find(({ name }) => name === 'older')?.changes[0]).toMatchObject({
      sequence: 3,
      change: 'stubbed',
      tokensBefore: 5_000,
    })
  })

  it('the oldest turns behind the window are named to be summarized', () => {
    const said = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? user(long('q', 100)) : says(long('a', 100)),
    )
    const result = assembleContext(
      inputOf(logOf([...said, user('now')], countQuarters), 101, { budget: budget(9_000) }),
    )
    if (result.fits) throw new Error('it does not fit')
    expect(result.compress[0]?.[0]).toBe(1)
    expect(result.compress.length).toBe(1)
    expect(result.compress[0]?.[1]).toBeLessThanOrEqual(50)
    expect(result.neededTokens).toBeGreaterThan(result.budgetTokens - 1_000)
  })

  it('a turn that is too large loses the middle of its results first', () => {
    const said = [user('read it'), call('a', 'cat big'), result('a', long('x', 20_000))]
    const context = assembled(said, 1, { budget: budget(4_000) })
    const last = context.messages.at(-1)
    expect(last?.role === 'tool' && last.results[0]?.output).toMatch(
      /^x+\n\[… \d+ characters are left out here …\] x+$/u,
    )
    expect(context.tokens).toBeGreaterThan(2_500)
    expect(context.parts.at(-1)?.changes).toMatchObject([{ sequence: 3, change: 'cut', tokensBefore: 20_000 }])
  })

  it('echoes for which the turn leaves no room are named, and not shown', () => {
    const [old] = logOf([user(long('o', 500))], countQuarters)
    if (old === undefined) throw new Error('there is one')
    const { messages, parts } = assembled([user(long('x', 2_540))], 1, {
      budget: budget(3_000),
      echoes: [{ message: { ...old, sequence: 900 }, score: 2, scores: { words: 2 } }],
    })
    expect(shapeOf(messages)).toEqual([`user [session of 2026-01-15 10:01 UTC]  ${long('x', 2_540)}`])
    expect(parts.find(({ name }) => name === 'echoes')).toMatchObject({
      coverage: [],
      tokens: 0,
      reason: 'none is shown: there is no room',
      changes: [{ sequence: 900, change: 'left out', why: 'there is no room' }],
    })
  })

  it('a message that is larger than the window is cut as a last resort', () => {
    const context = assembled([user(long('x', 50_000))], 1, { budget: budget(3_000) })
    expect(textsOf(context)[1]).toContain('characters are left out here')
  })

  it('names the setting when even that does not help', () => {
    const input = inputOf(logOf([user('hi')], countQuarters), 1, { system: long('s', 5_000), budget: budget(3_000) })
    expect(() => assembleContext(input)).toThrowError(
      expect.objectContaining({
        code: 'CONTEXT_TOO_LARGE',
        details: expect.objectContaining({ windowTokens: 3_000, setting: 'llm_profiles.test.context_tokens' }),
      }),
    )
  })
})
