import { editDistance, nearestNames } from '@arawn/core/nearest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const names = ['Release notes', 'Roadmap', 'scratch', 'Slack Tide']

describe('nearestNames', () => {
  it.each([
    ['relese notes', ['Release notes']],
    ['Roadmpa', ['Roadmap']],
    ['SCRATHC', ['scratch']],
    ['slack', ['Slack Tide']],
    ['nothing like it', []],
    ['', []],
  ])('finds for %j: %j', (typed, found) => {
    expect(nearestNames(typed, names)).toEqual(found)
  })

  it('puts the nearest first and gives no more than asked for', () => {
    expect(nearestNames('note', ['notes', 'note', 'not', 'nose', 'noted'], 2)).toEqual(['note', 'notes'])
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
