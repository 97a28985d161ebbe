import { describe, expect, it } from 'vitest'
import { packedSequences, unpackedSequences } from '../src/search/packed-sequences.js'

describe('sequences that are packed', () => {
  for (const [name, sequences] of [
    ['none', []],
    ['one', [1]],
    ['neighbours', Array.from({ length: 1_000 }, (_, n) => 1_000 - n)],
    [
      'the ends of what each number of bytes can say',
      [127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 2 ** 28].reverse(),
    ],
    ['the greatest', [2 ** 32 - 1, 2 ** 31 + 5, 2 ** 31, 3, 1]],
  ] as const)
    it(`come back as they were: ${name}`, () => {
      const packed = packedSequences(Uint32Array.from(sequences))
      expect([...unpackedSequences(packed)]).toEqual(sequences)
      expect(packed.count).toBe(sequences.length)
    })

  it('take a byte each where they stand near to each other', () => {
    const sequences = Uint32Array.from({ length: 1_000 }, (_, n) => 100_000 - 100 * n)
    expect(packedSequences(sequences).bytes.length).toBe(999 + 3)
  })
})
