import { hasCode } from '@arawn/core/error'
import { array, assert, boolean, constantFrom, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleContext } from '../src/assemble-context.js'
import { unlabelled } from '../src/context/labels.js'
import { defaultContextPolicy } from '../src/context-policy.js'
import { assembleCompressing, inputOf, textsOf } from './context/context-inputs.js'
import { anyHistory, countCharacters, countQuarters, logOf, turns } from './context/histories.js'
import { anthropicProblems, openAiProblems } from './context/provider-grammar.js'

const windows = constantFrom(200_000, 12_000, 4_000, 2_500)
const counts = constantFrom(countQuarters, countCharacters)
const budgetOf = (windowTokens: number) => ({ ...inputOf([], 1).budget, windowTokens, maxOutputTokens: 500 })
const smallPolicy = { ...defaultContextPolicy, window: 10, windowStep: 5 }

describe('a context of any history', () => {
  it('is taken by both providers, holds everything once and never more than its budget', () => {
    assert(
      property(
        anyHistory,
        windows,
        counts,
        array(integer({ min: 0, max: 3 })),
        (history, windowTokens, count, gaps) => {
          const messages = logOf(history.said, count, gaps)
          const turnStart = messages[history.turnIndex]?.sequence ?? 0
          const input = inputOf(messages, turnStart, { count, budget: budgetOf(windowTokens), policy: smallPolicy })
          const outcome = tooLargeOr(() => assembleCompressing(input))
          if (outcome === 'too large') return expect(windowTokens).toBeLessThan(10_000)
          const { context, input: final } = outcome

          expect(openAiProblems(context)).toEqual([])
          expect(anthropicProblems(context)).toEqual([])

          const shown = context.parts
            .filter(({ name }) => name !== 'echoes')
            .flatMap(({ coverage }) => expanded(coverage))
          expect(shown.sort((a, b) => a - b)).toEqual(messages.map(({ sequence }) => sequence))

          const counted = textsOf(context).reduce((sum, text) => sum + count(text), 0)
          expect(counted).toBeLessThanOrEqual(context.tokens)
          expect(context.tokens).toBeLessThanOrEqual(context.budgetTokens)

          const changed = new Set(context.parts.flatMap(({ changes }) => changes.map(({ sequence }) => sequence)))
          const texts = textsOf(context)
          for (const { sequence, content, role } of final.messages) {
            if (changed.has(sequence) || role === 'tool_use' || content.trim() === '') continue
            const escaped = unlabelled(content)
            expect(texts.some((text) => text.includes(escaped) || text === content.toWellFormed())).toBe(true)
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is the same when nothing has changed', () => {
    assert(
      property(anyHistory, windows, (history, windowTokens) => {
        const messages = logOf(history.said, countQuarters)
        const input = inputOf(messages, history.turnIndex + 1, { budget: budgetOf(windowTokens), policy: smallPolicy })
        const before = JSON.stringify(input)
        const once = tooLargeOr(() => JSON.stringify(assembleContext(input)))
        expect(tooLargeOr(() => JSON.stringify(assembleContext(structuredCloneOf(input))))).toEqual(once)
        expect(JSON.stringify(input)).toBe(before)
      }),
      { numRuns: 200 },
    )
  })
})

describe('from one turn to the next', () => {
  it('everything before the echoes stays as it is, unless a summary lands or the window steps', () => {
    let compared = 0
    assert(
      property(
        turns,
        integer({ min: 0, max: 20 }),
        boolean(),
        boolean(),
        windows,
        (list, progress, echoOne, echoTwo, windowTokens) => {
          const at = list.length - 2
          const all = logOf(list.flat(), countQuarters)
          const starts = list.map((_, index) => list.slice(0, index).reduce((sum, turn) => sum + turn.length, 0))
          const echo =
            all.length > 0
              ? [{ message: { ...all[0], sequence: 9_999, content: 'an old thing' }, score: 1, scores: { words: 1 } }]
              : []
          const covered = Math.min(progress * 3, starts[at] ?? 0) - 10
          const assembled = (turn: number, length: number, withEcho: boolean) => {
            const start = starts[turn] ?? 0
            const messages = all.slice(0, start + Math.min(Math.max(1, length), list[turn]?.length ?? 1))
            return inputOf(messages, start + 1, {
              policy: smallPolicy,
              budget: budgetOf(windowTokens),
              workstreamSummary:
                covered > 0 ? { id: 'sum_1', summary: 'So far.', coverage: [[1, covered]] } : undefined,
              echoes: withEcho ? (echo as never) : [],
              brokenTurns: new Map(list.slice(0, turn).map((_, index) => [`int_${index}`, 'interrupted' as const])),
            })
          }
          const first = tooLargeOr(() => assembleContext(assembled(at, progress, echoOne)))
          const second = tooLargeOr(() => assembleContext(assembled(at + 1, 1, echoTwo)))
          if (first === 'too large' || second === 'too large' || !first.fits || !second.fits) return
          if (first.verbatimFrom !== second.verbatimFrom) return
          compared++
          // What follows the stable messages begins with the echoes, or with the new message when there are none.
          const next = first.messages[first.stableMessages]
          // Echoes for which there is no room are a part, too: one that shows nothing.
          const hasEchoes = first.parts.some(({ name, coverage }) => name === 'echoes' && coverage.length > 0)
          if (next?.role !== 'user') throw new Error('the turn does not begin with a user')
          expect(next.content.startsWith('[recalled messages from earlier')).toBe(hasEchoes)
          expect(JSON.stringify(second.messages.slice(0, first.stableMessages))).toBe(
            JSON.stringify(first.messages.slice(0, first.stableMessages)),
          )
          expect(second.system).toBe(first.system)
        },
      ),
      { numRuns: 2_000 },
    )
    expect(compared).toBeGreaterThan(300)
  })

  it('the window keeps 50 messages, and slides when it has grown to 75', () => {
    const said = Array.from({ length: 400 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `words ${index}`,
    }))
    const messages = logOf(said, countQuarters)
    const seen: number[] = []
    for (let turn = 0; turn < 400; turn += 2) {
      const context = assembleContext(inputOf(messages.slice(0, turn + 1), turn + 1))
      if (!context.fits) throw new Error('it fits')
      const kept = turn + 1 - context.verbatimFrom
      expect(kept).toBeLessThanOrEqual(76)
      if (turn > 50) expect(kept).toBeGreaterThanOrEqual(50)
      if (seen.at(-1) !== context.verbatimFrom) seen.push(context.verbatimFrom)
    }
    expect(seen.length).toBe(14)
  })
})

function tooLargeOr<T>(assemble: () => T): T | 'too large' {
  try {
    return assemble()
  } catch (error) {
    if (hasCode(error, 'CONTEXT_TOO_LARGE')) return 'too large'
    throw error
  }
}

function expanded(coverage: readonly (readonly [number, number])[]): number[] {
  return coverage.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
}

function structuredCloneOf<T extends { count: unknown }>({ count, ...input }: T): T {
  return { ...structuredClone(input), count } as T
}
