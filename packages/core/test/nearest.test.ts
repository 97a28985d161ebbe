import { editDistance, nearestNames } from '@arawn/core/nearest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('nearestNames', () => {
  it('puts the nearest first', () => {
    expect(nearestNames('max_histroy', ['max_histogram', 'max_history', 'durability'])).toEqual([
      'max_history',
      'max_histogram',
    ])
  })

  it('knows nothing near a name that is like none', () => {
    expect(nearestNames('kitchen_sink', ['max_history', 'durability'])).toEqual([])
  })

  it('takes upper and lower case as alike, and gives names as they are written', () => {
    expect(nearestNames('MAX_HISTORY', ['Max_History'])).toEqual(['Max_History'])
  })

  it('takes a beginning for the whole', () => {
    expect(nearestNames('dur', ['durability'])).toEqual(['durability'])
  })

  it('names at most as many as asked for, each once', () => {
    expect(nearestNames('a1', ['a2', 'a2', 'a3', 'a4', 'a5'])).toEqual(['a2', 'a3', 'a4'])
    expect(nearestNames('a1', ['a2', 'a3'], 1)).toEqual(['a2'])
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
    ['data_dir', 'datadir', 1],
  ])('from «%s» to «%s» is %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits)
  })

  it('is the same in both directions, 0 only for equals, and never more than the longer name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const edits = editDistance(a, b)
        expect(edits).toBe(editDistance(b, a))
        expect(edits === 0).toBe(a === b)
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })

  it('says «more» whenever it is more than what matters', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(5), (a, b, reach) => {
        expect(editDistance(a, b, reach) > reach).toBe(editDistance(a, b) > reach)
      }),
    )
  })
})
