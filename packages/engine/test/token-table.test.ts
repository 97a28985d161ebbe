import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyseCompound, partsOf } from '../src/analysis/compound.js'
import { scanRuns } from '../src/analysis/scan-runs.js'
import { spacelessTokens } from '../src/analysis/spaceless-tokens.js'
import { textOfAnyKind } from './any-text.js'

describe('what the analyzer remembers', () => {
  it('gives each text the tokens that its runs have one by one', () => {
    const analyzer = createTextAnalyzer()
    fc.assert(
      fc.property(fc.oneof(textOfAnyKind, textOfNames), (text) => {
        expect(analyzer.tokensOf(text)).toEqual(tokensRunByRun(text))
      }),
      { numRuns: 500 },
    )
  })

  it('holds runs of every length, with words as long or longer', () => {
    const analyzer = createTextAnalyzer()
    const runs = Array.from({ length: 100 }, (_, index) => 'aBcDeFgHiJ'.repeat(10).slice(0, index + 1))
    const texts = runs.flatMap((run) => [run, run.toLowerCase(), `${run}.ts`, `é${run}`, run.replaceAll('B', '_')])
    for (const text of [...texts, texts.join(' '), ...texts])
      expect(analyzer.tokensOf(text)).toEqual(tokensRunByRun(text))
  })

  it('gives the same tokens when runs have taken the places of others', () => {
    const analyzer = createTextAnalyzer()
    // So many that some share a place, and of one length each, so that only their bytes tell them apart.
    const kinds = ['', 'v.', 'abcDefGhiJklMnoPqrStuVw']
    const text = Array.from({ length: 40_000 }, (_, n) => `${kinds[n % 3]}${100_000 + n}`).join(' ')
    const expected = tokensRunByRun(text)
    for (let round = 0; round < 2; round++) {
      const { words, wordCount, parts } = analyzer.tokensOf(text)
      // A difference would be too long to print.
      expect(words === expected.words && parts === expected.parts).toBe(true)
      expect(wordCount).toBe(expected.wordCount)
    }
  })

  it('gives the same tokens when it knew more words than there is room for', () => {
    const analyzer = createTextAnalyzer()
    const text = Array.from({ length: 300_000 }, (_, n) => `w${n}`).join(' ')
    const expected = tokensRunByRun(text)
    for (let round = 0; round < 2; round++) expect(analyzer.tokensOf(text).words === expected.words).toBe(true)
  })

  it('gives the same tokens for words that were made to share one place', () => {
    const analyzer = createTextAnalyzer()
    const text = wordsWithOneHash().join(' ')
    for (let round = 0; round < 3; round++) expect(analyzer.tokensOf(text)).toEqual(tokensRunByRun(text))
  })

  it('keeps a text in order, however long it is', () => {
    const analyzer = createTextAnalyzer()
    const text = Array.from({ length: 20_000 }, (_, n) => (n % 50 === 0 ? `東京${n} naïve${n}` : `word${n}`)).join(', ')
    expect(analyzer.tokensOf(text)).toEqual(tokensRunByRun(text))
  })
})

/** The definition: nothing remembered, nothing taken together. */
function tokensRunByRun(text: string) {
  const words: string[] = []
  const parts = new Set<string>()
  scanRuns(text, {
    compound(from, to) {
      const compound = analyseCompound(text.slice(from, to))
      for (const { stem } of compound.words) words.push(stem)
      const ofRun = partsOf(compound).join(' ')
      if (ofRun !== '') parts.add(ofRun)
    },
    spaceless(from, to) {
      const tokens = spacelessTokens(text.slice(from, to))
      for (const { token } of tokens.words) words.push(token)
      if (tokens.last !== undefined) parts.add(tokens.last.token)
    },
  })
  return { words: words.join(' '), wordCount: words.length, parts: [...parts].join(' ') }
}

/** Words of eight letters and digits. The hash mixes in four bytes, then the other four: these follow from the first ones. */
function wordsWithOneHash(): string[] {
  const letters = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789')
  const word = Buffer.alloc(8)
  const words: string[] = []
  for (let n = 0; n < 36 ** 4; n++) {
    for (let at = 0; at < 4; at++) word[at] = letters[Math.floor(n / 36 ** at) % 36] as number
    const product = Math.imul(word.length ^ word.readInt32LE(0), 0x5bd1e995)
    word.writeInt32LE(product ^ (product >>> 15) ^ 0x12345678, 4)
    if (word.subarray(4).every((byte) => letters.includes(byte))) words.push(word.toString('latin1'))
  }
  expect(words.length).toBeGreaterThan(400)
  return words
}

/** Few letters in many ways: the same words again, almost the same ones, and compounds of them. */
const textOfNames = fc
  .array(fc.string({ unit: fc.constantFrom(...'aabbccddeeiinngABC.-_  1é東\ud83e'), maxLength: 40 }), { maxLength: 20 })
  .map((pieces) => pieces.join(' '))
