import { parseSearchQuery } from '@arawn/engine/search-query'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOfAnyKind } from './any-text.js'

const analyzer = createTextAnalyzer()

/** As one reads it: words of a phrase with spaces, `*` for what may go on, `-` for what must not be there. */
function read(query: string): string {
  const { alternatives, without } = parseSearchQuery(query, analyzer)
  const text = (terms: (typeof alternatives)[number]) =>
    terms.map(({ words, prefix }) => `[${words.join(' ')}${prefix ? '*' : ''}]`).join('')
  return `${alternatives.map(text).join('|')}${without.map((term) => `-${text([term])}`).join('')}`
}

describe('parseSearchQuery', () => {
  it.each([
    ['two words', '[two][word]'],
    ['"two words" more', '[two word][more]'],
    ['connect*', '[connect*]'],
    ['"the conn"*', '[the conn*]'],
    ['one -two -"three four"', '[on]-[two]-[three four]'],
    ['one OR two three', '[on]|[two][three]'],
    ['or', '[or]'],
    ['OR OR', ''],
    ['src/log-store.ts', '[src log store ts]'],
    ['"never closed', '[never close]'],
    ['""', ''],
    ['* - -- -*', ''],
    ['東京', '[東京]'],
    ['東', '[東*]'],
    ['-only', '-[onli]'],
  ])('reads %j as %s', (query, expected) => {
    expect(read(query)).toBe(expected)
  })

  it.each([
    ['two words', true],
    ['one', false],
    ['One one', false],
    ['src/log-store.ts', false],
    ['"two" "words"', false],
    ['two words*', false],
    ['two words -three', false],
    ['two OR words', false],
  ])('takes %j for words alone: %s', (query, plain) => {
    expect(parseSearchQuery(query, analyzer).plain).toBe(plain)
  })

  it('reads any text, without an empty alternative or term', () => {
    fc.assert(
      fc.property(textOfAnyKind, (query) => {
        const { alternatives, without } = parseSearchQuery(query, analyzer)
        for (const terms of alternatives) expect(terms.length).toBeGreaterThan(0)
        for (const { words } of [...alternatives.flat(), ...without]) {
          expect(words.length).toBeGreaterThan(0)
          for (const word of words) expect(word).not.toBe('')
        }
      }),
    )
  })

  it('takes a moment for the longest of texts', () => {
    const started = performance.now()
    parseSearchQuery('a"b*-'.repeat(1_000_000), analyzer)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
