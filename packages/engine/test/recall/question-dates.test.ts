import { assert, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateMatchOf } from '../../src/recall/question-dates.js'

const NOW = Date.parse('2026-03-10T09:00:00Z')
const match = (question: string, day: string) => dateMatchOf(question, NOW)?.(Date.parse(`${day}T15:00:00Z`))

describe('a time that a question names', () => {
  it.each([
    ['what was on 8 May 2023?', '2023-05-08', 1],
    ['what was on May 8th, 2023?', '2023-05-08', 1],
    ['what was on the 8th of May 2023?', '2023-05-08', 1],
    ['what was on 2023-05-08?', '2023-05-08', 1],
    ['what was on 8 May 2023?', '2023-05-12', 0.8],
    ['what was on 8 May 2023?', '2023-05-28', 0.5],
    ['what was on 8 May 2023?', '2023-08-01', 0],
    ['what was in Sept. 2023?', '2023-09-30', 1],
    ['what was in March?', '2023-03-30', 1],
    ['what was in September 2023?', '2023-09-30', 1],
    ['what was in September 2023?', '2023-10-03', 0.5],
    ['what was in June?', '2024-06-03', 1],
    ['what was in 2023?', '2023-06-03', 0.3],
    ['what did we say yesterday?', '2026-03-09', 1],
    ['what did we say two weeks ago?', '2026-02-24', 1],
    ['what did we say 3 days ago?', '2026-03-07', 1],
    ['what did we say last week?', '2026-03-02', 1],
  ])('%s fits %s by %s', (question, day, fit) => {
    expect(match(question, day)).toBe(fit)
  })

  it.each(['may I?', 'we march on', 'mar the surface', 'room 1234', 'at 10:30', ''])('is none in "%s"', (question) => {
    expect(dateMatchOf(question, NOW)).toBeUndefined()
  })

  it.each(['2023-01-02 ', '3 days ago ', 'in May 2022 '])(
    'are found at the ends of a pasted log that says %j again and again',
    (line) => {
      const log = line.repeat(300_000)
      expect(match(`${log}\nwhat was on 8 May 2023?`, '2023-05-08')).toBe(1)
      expect(match(`what was on 8 May 2023?\n${log}`, '2023-05-08')).toBe(1)
    },
  )

  it('fits any day from 0 to 1, whatever is asked', () => {
    assert(
      property(string({ maxLength: 60 }), integer({ min: 0, max: 4e12 }), (question, saidMs) => {
        const fit = dateMatchOf(`${question} 99 may 0000 0001-99-99`, NOW)?.(saidMs) ?? 0
        expect(fit >= 0 && fit <= 1).toBe(true)
      }),
    )
  })
})
