import type { Specific } from '@arawn/core/summary'
import { describe, expect, it } from 'vitest'
import { measureRetention } from '../../src/retention.js'

const specific = (text: string, more: Partial<Specific> = {}): Specific => ({
  class: 'identifier',
  text,
  sequence: 1,
  mentions: 1,
  ...more,
})

describe('measureRetention', () => {
  it.each([
    ['12 tests', 'all 112 tests pass'],
    ['5 GB', 'it has 1.5 GB'],
    ['src/a', 'see src/a.ts'],
    ['Enum.map', 'Enum.map_join'],
    ['OPS-12', 'OPS-123'],
    ['spotter-gqc', 'spotter-gqc.1'],
    ['max_history', 'max history'],
    ['Foo', 'foo'],
  ])('does not find %j in %j', (text, rendered) => {
    expect(measureRetention([specific(text)], rendered).kept).toBe(0)
  })

  it.each([
    ['12 tests', 'all 12\n  tests pass'],
    ['src/a.ts', 'in /home/ada/src/a.ts.'],
    ['OPS-12', '(OPS-12)'],
    ['git status', '- git status'],
    ['决定使用它。', '我们决定使用它。好'],
    ['/etc/x', 'rm /etc/x, then'],
    ['foo', 'foobar foo'],
  ])('finds %j in %j', (text, rendered) => {
    expect(measureRetention([specific(text)], rendered).kept).toBe(1)
  })

  it('counts by class, and those that recur or stand in a decision by themselves', () => {
    const specifics = [
      specific('a_b', { mentions: 2 }),
      specific('c_d', { stressed: true }),
      specific('e.ts', { class: 'path' }),
      specific('f.ts', { class: 'path' }),
    ]
    expect(measureRetention(specifics, 'a_b and e.ts')).toEqual({
      kept: 2,
      of: 4,
      salientKept: 1,
      salientOf: 2,
      byClass: { identifier: { kept: 1, of: 2 }, path: { kept: 1, of: 2 } },
      dropped: [specifics[1], specifics[3]],
    })
  })
})
