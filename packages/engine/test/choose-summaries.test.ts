import type { Coverage } from '@arawn/core/coverage'
import { array, assert, integer, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseSummaries } from '../src/choose-summaries.js'
import { covers } from '../src/coverage.js'

const summary = (id: string, ...coverage: Coverage) => ({ id, summary: 'words', coverage })
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id)

describe('chooseSummaries', () => {
  it('covers each visible message once, or names it as raw', () => {
    const interval = tuple(integer({ min: 1, max: 60 }), integer({ min: 0, max: 15 })).map(
      ([first, length]): [number, number] => [first, first + length],
    )
    const coverage = array(interval, { minLength: 1, maxLength: 3 })
    const list = array(coverage, { maxLength: 8, size: 'max' })
    assert(
      property(list, list, coverage, (workstream, sessions, visible) => {
        const chosen = chooseSummaries(
          {
            workstream: workstream.map((one, index) => summary(`w${index}`, ...one)),
            sessions: sessions.map((one, index) => summary(`s${index}`, ...one)),
          },
          visible,
        )
        const used = [
          ...(chosen.workstreamSummary === undefined ? [] : [chosen.workstreamSummary]),
          ...chosen.sessionSummaries,
        ]
        for (let sequence = 1; sequence <= 80; sequence++) {
          const times =
            used.filter((one) => covers(one.coverage, sequence)).length + Number(covers(chosen.raw, sequence))
          if (covers(visible, sequence)) expect(times).toBe(1)
          else expect(covers(chosen.raw, sequence)).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes the newest of the workstream, and of sessions what it does not cover', () => {
    const chosen = chooseSummaries(
      {
        workstream: [summary('w1', [1, 10]), summary('w2', [1, 20])],
        sessions: [summary('s1', [1, 10]), summary('s2', [11, 20]), summary('s4', [31, 40]), summary('s3', [21, 30])],
      },
      [[1, 45]],
    )
    expect(chosen.workstreamSummary?.id).toBe('w2')
    expect(ids(chosen.sessionSummaries)).toEqual(['s3', 's4'])
    expect(chosen.raw).toEqual([[41, 45]])
  })

  it('prefers the larger, then the newer, and passes over what overlaps', () => {
    const chosen = chooseSummaries(
      {
        workstream: [],
        sessions: [
          summary('rolling', [1, 10]),
          summary('all', [1, 20]),
          summary('again', [1, 20]),
          summary('across', [15, 30]),
        ],
      },
      [[1, 30]],
    )
    expect(ids(chosen.sessionSummaries)).toEqual(['again'])
    expect(chosen.raw).toEqual([[21, 30]])
  })

  it('passes over a summary that tells of messages which were moved away', () => {
    const chosen = chooseSummaries(
      { workstream: [], sessions: [summary('s1', [1, 10]), summary('s2', [11, 20])] },
      [
        [1, 4],
        [11, 20],
      ],
      [[5, 10]],
    )
    expect(ids(chosen.sessionSummaries)).toEqual(['s2'])
    expect(chosen.raw).toEqual([[1, 4]])
  })
})
