import { assert, nat, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passageOf } from '../../src/recall/passage.js'
import { analyzer } from './memory-index.js'

const weights = new Map([
  ['leak', 3],
  ['port', 1],
])

describe('a passage', () => {
  it('is where most of what is asked for stands, in whole lines', () => {
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n} says nothing`)
    lines[20] = 'one port here'
    lines[120] = 'this leaks'
    lines[121] = 'on that port'
    const passage = passageOf(lines.join('\n'), weights, 300, analyzer)
    expect(passage).toContain('this leaks\non that port')
    expect(passage).not.toContain('one port here')
    expect(passage).toMatch(/^… line \d+ says nothing\n[\s\S]*line \d+ says nothing …$/)
    expect(passage.length).toBeLessThan(310)
  })

  it('is the whole text when that is short, and its beginning when nothing is found', () => {
    expect(passageOf('short', weights, 300, analyzer)).toBe('short')
    expect(passageOf('word '.repeat(100), weights, 50, analyzer)).toMatch(/^word .*…$/)
  })

  it('of any text is a part of it, well formed, about as long as wanted', () => {
    assert(
      property(string({ maxLength: 400, unit: 'binary' }), nat(200), (text, length) => {
        const passage = passageOf(text, weights, length, analyzer)
        expect(passage.isWellFormed() || text.length <= length).toBe(true)
        expect(passage.length).toBeLessThanOrEqual(Math.max(length * 1.2 + 6, 10))
      }),
    )
  })
})
