import { costOf } from '@arawn/llm/cost'
import { expect, it } from 'vitest'

it('counts what came out of the cache at its own price', () => {
  const usage = { input_tokens: 1_000_000, cached_input_tokens: 400_000, output_tokens: 100_000 }
  expect(costOf(usage, { input: 3, cachedInput: 0.3, output: 15 })).toBeCloseTo(1.8 + 0.12 + 1.5)
  expect(costOf(usage, { input: 3, output: 15 })).toBeCloseTo(3 + 1.5)
})

it('is not known when the usage is not', () => {
  expect(costOf({ input_tokens: 5 }, { input: 3, output: 15 })).toBeNull()
  expect(costOf({}, { input: 3, output: 15 })).toBeNull()
})
