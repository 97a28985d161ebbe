import { describe, expect, it } from 'vitest'
import { assembleContext } from '../src/assemble-context.js'
import { withCounts } from '../src/with-counts.js'
import { inputOf } from './context/context-inputs.js'
import { countQuarters, logOf } from './context/histories.js'

describe('withCounts', () => {
  const counter = (calls: number[]) => ({
    name: 'quarters',
    errorShare: 0,
    count: async (texts: readonly string[]) => {
      calls.push(texts.length)
      return texts.map(countQuarters)
    },
  })

  it('gives what a counter at hand would give, in few calls', async () => {
    const said = [{ role: 'user' as const, content: 'x'.repeat(90_000) }]
    const input = inputOf(logOf(said, countQuarters), 1, { budget: { ...inputOf([], 1).budget, windowTokens: 20_000 } })
    const calls: number[] = []
    const known = new Map<string, number>()
    const run = (count: typeof countQuarters) => assembleContext({ ...input, count })
    expect(await withCounts(counter(calls), run, known)).toEqual(assembleContext(input))
    expect(calls.length).toBeLessThan(5)
    calls.length = 0
    await withCounts(counter(calls), run, known)
    expect(calls).toEqual([])
  })

  it('passes on a failure that does not come from a guess', async () => {
    const run = (count: typeof countQuarters) => {
      if (count('abcdefgh') === 2) throw new Error('two')
      throw new Error('a guess')
    }
    await expect(withCounts(counter([]), run)).rejects.toThrow('two')
  })
})
