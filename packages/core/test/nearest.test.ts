import { nearestNames } from '@arawn/core/nearest'
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
