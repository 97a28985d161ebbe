import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOfAnyKind } from './any-text.js'

const analyzer = createTextAnalyzer()

describe('the analyzer', () => {
  it.each([
    ['Connections', 'connect', ''],
    ['café CAFÉ cafe\u0301', 'cafe cafe cafe', ''],
    ['Straße Ærø', 'strass aero', ''],
    ['getUserName', 'get user name', 'getusernam'],
    ['HTTPServer2', 'http server2', 'httpserver2'],
    ['snake_case-name', 'snake case name', 'snakecasenam'],
    ['log-store.ts', 'log store ts', 'logstoret logstor'],
    ['src/log-store.ts:12', 'src log store ts 12', 'logstoret logstor'],
    ['3.14 v1.2.3', '3 14 v1 2 3', '314 v123 v12'],
    ['東京都', '東京 京都', '都'],
    ['猫', '猫', ''],
    ['Tokyo東京', 'tokyo 東京', '京'],
    ['сообщения', 'сообщения', ''],
    ['🦆 — …', '', ''],
    ['', '', ''],
  ])('makes of %j the words %j and the parts %j', (text, words, parts) => {
    const wordCount = words === '' ? 0 : words.split(' ').length
    expect(analyzer.tokensOf(text)).toEqual({ words, wordCount, parts })
  })

  it('gives the same tokens whatever it has seen before', () => {
    fc.assert(
      fc.property(textOfAnyKind, (text) => {
        expect(analyzer.tokensOf(text)).toEqual(createTextAnalyzer().tokensOf(text))
      }),
    )
  })

  it('gives tokens of letters, digits and marks only, with single spaces between them', () => {
    fc.assert(
      fc.property(textOfAnyKind, (text) => {
        const { words, parts } = analyzer.tokensOf(text)
        for (const tokens of [words, parts]) expect(tokens).toMatch(/^([\p{L}\p{N}\p{M}]+( [\p{L}\p{N}\p{M}]+)*)?$/u)
      }),
    )
  })

  it('knows where each of its words stands, in order', () => {
    fc.assert(
      fc.property(textOfAnyKind, (text) => {
        const places = analyzer.placesOf(text)
        const words = places.flatMap(({ word }) => word ?? [])
        expect(words.join(' ')).toBe(analyzer.tokensOf(text).words)
        for (const { from, to } of places) expect(0 <= from && from < to && to <= text.length).toBe(true)
      }),
    )
  })

  it('looks for any text by words that this text has, in this order', () => {
    fc.assert(
      fc.property(textOfAnyKind, (text) => {
        const term = analyzer.termOf(text, { prefix: false })
        const { words } = analyzer.tokensOf(text)
        if (term === undefined) expect(words).toBe('')
        else if (!term.prefix) expect(` ${words} `).toContain(` ${term.words.join(' ')} `)
      }),
    )
  })
})
