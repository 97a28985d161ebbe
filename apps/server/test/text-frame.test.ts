import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textFrame } from '../src/socket/text-frame.js'

/** As RFC 6455 says in 5.2: what is in a frame that is whole, text and not masked. */
function unframed(frame: Buffer): string {
  expect(frame[0]).toBe(0b1000_0001)
  const named = frame[1] ?? 0
  const head = named < 126 ? 2 : named === 126 ? 4 : 10
  const length = named < 126 ? named : named === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))
  expect(frame.byteLength).toBe(head + length)
  // The shortest way to say it must be taken.
  expect(head).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  return frame.subarray(head).toString()
}

describe('a frame of text', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 200_000])('has its %i bytes behind its head', (length) => {
    const text = 'x'.repeat(length)
    expect(unframed(textFrame(Buffer.from(text)))).toBe(text)
  })

  it('has any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unframed(textFrame(Buffer.from(text))) === text))
  })
})
