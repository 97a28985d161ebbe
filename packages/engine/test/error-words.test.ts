import { errorWords } from '@arawn/engine/error-words'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('errorWords', () => {
  it('is the message, on one line and without a stack', () => {
    expect(errorWords(new Error('first:\n  no\u0007\tconnection '))).toBe('first: no connection')
    expect(errorWords(new Error('lost\n    at call (file.ts:1:2)\n    at run (file.ts:3:4)'))).toBe('lost')
    expect(errorWords('refused')).toBe('refused')
    for (const nothing of [undefined, null, 7, {}, new Error('')]) expect(errorWords(nothing)).toBeUndefined()
  })

  it.each([
    'Incorrect API key provided: sk-proj-SECRET0123456789.',
    'Authorization: Bearer SECRET0123456789',
    'authorization=SECRET0123456789',
    '{"x-api-key": "SECRET0123456789"}',
    'api_key=SECRET0123456789&model=x',
    "password: 'SECRET0123456789'",
    'GET https://user:SECRET0123456789@proxy.example/v1 failed',
    'token eyJSECRET0123456789.eyJzdWIiOiIxIn0.SECRET0123456789',
    'AIzaSECRET0123456789abc',
    'the key ghp_SECRET0123456789 is revoked',
    `it is SECRET0123456789${'a1b2'.repeat(8)}, they say`,
  ])('leaves out what looks like a key: %s', (message) => {
    const words = errorWords(new Error(message))
    expect(words).not.toContain('SECRET')
    expect(words).toContain('[key]')
  })

  it.each([
    'first: the provider refuses the key (401): invalid x-api-key',
    'first: the provider has no model claude-opus-4-20260101-preview-long-context-window',
    'needs 120,000 tokens; the window is 4,096: context_tokens',
    'the turn int_01m7yyp5ycex1r5w47tfxp4npd of ws_01m7yyp5ycex1r5w47tfxp4npd is over',
    'no connection to https://api.example.com/v1/chat/completions (ECONNREFUSED)',
    'cannot write /home/me/.arawn/data/workstreams/ws_01m7yyp5ycex1r5w47tfxp4npd/messages.jsonl',
  ])('keeps what helps: %s', (message) => {
    expect(errorWords(new Error(message))).toBe(message)
  })

  it('is short and well-formed, whatever was thrown, and quickly so', () => {
    const pieces = fc.constantFrom(
      'a',
      ' ',
      '-',
      '1',
      '\ud83e',
      '\udd86',
      '//',
      '@',
      'token=',
      'Bearer ',
      'sk-',
      '\n    at ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 3_000 }), (parts) => {
        const words = errorWords(new Error(parts.join(''))) ?? ''
        expect(words.length).toBeLessThanOrEqual(500)
        expect(words.isWellFormed()).toBe(true)
      }),
      { numRuns: 50 },
    )
    for (const piece of ['a', '1a', '//', 'token', 'eyJ.', 'sk-', 'a-'])
      expect(errorWords(new Error(piece.repeat(1_000_000)))?.length).toBeLessThanOrEqual(500)
  })
})
