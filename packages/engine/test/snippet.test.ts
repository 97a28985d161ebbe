import { parseSearchQuery } from '@arawn/engine/search-query'
import { snippetOf } from '@arawn/engine/snippet'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOfAnyKind } from './any-text.js'

const analyzer = createTextAnalyzer()

function snippet(text: string, query: string, length?: number) {
  const found = snippetOf(text, parseSearchQuery(query, analyzer), analyzer, length === undefined ? {} : { length })
  return { ...found, marked: found.highlights.map(([from, to]) => found.text.slice(from, to)) }
}

const graphemes = (text: string) => [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment)

describe('snippetOf', () => {
  it.each([
    ['The connections are pooled', 'connecting', ['connections']],
    ['see src/log-store.ts there', 'logstore', ['log-store.ts']],
    ['see src/log-store.ts there', 'store', ['store']],
    ['the red fox and a red hen', '"red hen"', ['red hen']],
    ['a connection', 'connec*', ['connection']],
    ['connection', 'connecti*', ['connection']],
    ['in 東京都 today', '京都', ['京都']],
    ['nothing here', 'other', []],
    ['हिन्दी भाषा', 'भाषा', ['भाषा']],
  ])('of %j for %s marks %j', (text, query, marked) => {
    expect(snippet(text, query).marked).toEqual(marked)
  })

  it('shows the passage with most of what was asked for', () => {
    const text = `apple ${'filler '.repeat(100)} an apple and a pear ${'filler '.repeat(100)}`
    const { text: shown, marked } = snippet(text, 'apple pear')
    expect(marked).toEqual(['apple', 'pear'])
    expect(shown).toMatch(/^….*….?$/)
    expect(shown.length).toBeLessThan(180)
  })

  it('finds it in megabytes of text', () => {
    expect(snippet(`${'nothing '.repeat(400_000)}needle`, 'needle').marked).toEqual(['needle'])
  })

  it('is one line without control characters, and never cuts what a reader sees as one character', () => {
    fc.assert(
      fc.property(textOfAnyKind, textOfAnyKind, fc.integer({ min: 50, max: 90 }), (text, query, length) => {
        const { text: shown, highlights } = snippet(text, query, length)
        expect(shown.isWellFormed()).toBe(true)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/)
        let end = 0
        for (const [from, to] of highlights) {
          expect(end <= from && from < to && to <= shown.length).toBe(true)
          end = to
        }
      }),
    )
  })

  it('cuts and marks between characters as readers see them', () => {
    const character = fc.constantFrom('👩‍👩‍👧‍👦', 'e\u0301', '🦆', 'a', ' ', 'नि', '🇩🇪', 'ก็')
    fc.assert(
      fc.property(fc.array(character, { minLength: 60, maxLength: 200 }), (characters) => {
        const text = characters.join('')
        const whole = new Set(graphemes(text))
        const { text: shown, marked } = snippet(text, 'e 🦆 a* नि', 60)
        const said = graphemes(shown.replaceAll('…', ''))
        for (const one of said) expect([...whole, ' ']).toContain(one)
        for (const mark of marked) for (const one of graphemes(mark)) expect(whole).toContain(one)
      }),
    )
  })
})
