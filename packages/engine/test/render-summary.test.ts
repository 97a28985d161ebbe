import type { Specific, SpecificClass } from '@arawn/core/summary'
import { array, assert, constantFrom, integer, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleContext } from '../src/assemble-context.js'
import { renderSummary } from '../src/render-summary.js'
import { inputOf } from './context/context-inputs.js'
import { countCharacters, countQuarters, logOf } from './context/histories.js'

const specific = (name: SpecificClass, text: string, mentions = 1, sequence = 1): Specific => ({
  class: name,
  text,
  sequence,
  mentions,
})
const ledger = [
  specific('path', '/etc/a.conf', 1, 2),
  specific('path', '/etc/often.conf', 9, 3),
  specific('error', 'EADDRINUSE', 1, 4),
  specific('decision', 'use port 7777', 1, 5),
]
const summary = {
  id: 'sum_1',
  summary: 'We set up the server.',
  facts: ['It runs at home.'],
  coverage: [[1, 5]] as [number, number][],
  ledger,
}

describe('renderSummary', () => {
  it('shows words, facts and specifics by class', () => {
    expect(renderSummary(summary, Number.POSITIVE_INFINITY, countQuarters).text).toBe(
      'We set up the server.\nFacts:\n- It runs at home.\n\n## Specifics\nDecisions, word by word:\n- use port 7777\nErrors:\n- EADDRINUSE\nPaths: /etc/a.conf /etc/often.conf',
    )
  })

  it('keeps decisions, errors and what was mentioned often when room is short', () => {
    const { shown, leftOut } = renderSummary(summary, 140, countCharacters)
    expect(shown.map(({ text }) => text)).toEqual(['use port 7777', 'EADDRINUSE'])
    expect(leftOut.map(({ text }) => text)).toEqual(['/etc/often.conf', '/etc/a.conf'])
  })

  it('does not say again what the words say', () => {
    const said = { ...summary, summary: 'We use port 7777, as /etc/often.conf says.' }
    const { text, shown } = renderSummary(said, Number.POSITIVE_INFINITY, countQuarters)
    expect(text.match(/7777/g)).toHaveLength(1)
    expect(text.match(/often/g)).toHaveLength(1)
    expect(shown).toHaveLength(4)
  })

  it('never takes more than its budget', () => {
    const specifics = array(
      record({
        class: constantFrom<SpecificClass>('path', 'error', 'decision', 'name'),
        text: string({ minLength: 1, maxLength: 60 }),
        sequence: integer({ min: 1, max: 99 }),
        mentions: integer({ min: 1, max: 5 }),
      }),
      { maxLength: 30, size: 'max' },
    )
    assert(
      property(
        string({ maxLength: 2_000, size: 'max' }),
        specifics,
        integer({ min: 60, max: 1_500 }),
        (words, entries, budget) => {
          const rendered = renderSummary(
            { id: 's', summary: words, coverage: [], ledger: entries },
            budget,
            countCharacters,
          )
          expect(rendered.tokens).toBeLessThanOrEqual(budget)
          expect(rendered.text.length).toBeLessThanOrEqual(rendered.tokens + 1)
          expect(rendered.shown.length + rendered.leftOut.length).toBe(entries.length)
        },
      ),
    )
  })
})

describe('summaries in a context', () => {
  const messages = logOf([{ role: 'user', content: 'hi' }], countQuarters).map((message) => ({
    ...message,
    sequence: 50,
  }))
  const session = (index: number, words: string) => ({
    id: `sum_${index}`,
    session_id: `ses_${index}`,
    summary: words,
    coverage: [[index, index]] as [number, number][],
  })

  it('come first, the most stable at the top, and the user has a message of his own', () => {
    const context = assembleContext(
      inputOf(messages, 50, {
        workstreamSummary: { id: 'sum_w', summary: 'All of it.', coverage: [[1, 1]] },
        sessionSummaries: [session(2, 'The second.')],
        sessions: [{ id: 'ses_2', started_at: '2026-01-02T08:00:00.000Z' }],
      }),
    )
    if (!context.fits) throw new Error('it fits')
    expect(context.messages[0]).toEqual({
      role: 'user',
      content:
        '[summary of the workstream "Atlas" so far]\nAll of it.\n\n[summary of the session of 2026-01-02 08:00 UTC]\nThe second.',
    })
    expect(context.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(context.stableMessages).toBe(2)
    expect(context.parts.map(({ name }) => name)).toEqual(['system', 'workstream_summary', 'session_summary', 'turn'])
  })

  it('stand for what they cover, also when it is given raw, too', () => {
    const said = ['one', 'two', 'three'].map((content) => ({ role: 'user' as const, content }))
    const summary = { ...session(1, 'The first two.'), coverage: [[1, 2]] as [number, number][] }
    const context = assembleContext(inputOf(logOf(said, countQuarters), 3, { sessionSummaries: [summary] }))
    if (!context.fits) throw new Error('it fits')
    expect(context.messages.map((message) => (message.role === 'tool' ? '' : message.content))).toEqual([
      '[summary of the earlier part of a session]\nThe first two.',
      'I have read the summaries of what was said before.',
      '[session of 2026-01-15 10:03 UTC]\n\nthree',
    ])
  })

  it('take no more than their share, and say what they had to leave out', () => {
    const sessionSummaries = Array.from({ length: 9 }, (_, index) => session(index + 1, `${index} `.repeat(2_000)))
    const budget = { ...inputOf([], 1).budget, windowTokens: 10_000, maxOutputTokens: 1_000, errorShare: 0 }
    const context = assembleContext(inputOf(messages, 50, { sessionSummaries, budget }))
    if (!context.fits) throw new Error('it fits')
    const parts = context.parts.filter(({ name }) => name === 'session_summary')
    expect(parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(2_700)
    expect(parts.every(({ changes }) => changes[0]?.change === 'cut')).toBe(true)
  })
})
