import type { RecallShape } from '@arawn/core/recall'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headsAt, indexDir, indexedLine } from './open-index.js'

const ANALYZER = 1

interface Said {
  readonly words: string
  readonly session: string
  readonly author?: string
}

/** Applies messages behind the first ones, and makes them found, in additions of so many. */
async function fill(
  index: WorkstreamIndex,
  workstreamId: string,
  said: readonly Said[],
  step: number,
  first = 0,
): Promise<void> {
  const transaction = await index.begin()
  const lines = said.map(({ session }, place) =>
    indexedLine('messages', place + 1, place + 1, {
      v: 1,
      stamp: place + 1,
      timestamp: new Date(1_000 * (place + 1)).toISOString(),
      id: `m${place + 1}`,
      session_id: session,
      role: 'user',
      content: 'x',
    }),
  )
  await transaction.apply(workstreamId, lines.slice(first))
  await transaction.setHeads(workstreamId, headsAt({ workstream: 0, sessions: 0, messages: said.length }))
  const { items } = await transaction.messages({ workstreamId, after: 0, limit: said.length })
  for (let searched = first; searched < said.length; searched += step) {
    const rows = items.slice(searched, searched + step).map((position) => {
      const { words, author } = said[position.sequence - 1] as Said
      const wordCount = words === '' ? 0 : words.split(' ').length
      return { position, saidMs: 1_000 * position.sequence, author, words, wordCount, parts: '' }
    })
    const addition = { workstreamId, searched, upTo: searched + rows.length, rows }
    expect(await transaction.addToSearch(ANALYZER, addition)).toBe(true)
  }
  await transaction.commit()
}

const EVERYTHING = { workstreamId: 'a', analyzerVersion: ANALYZER, before: 10_000, limit: 10_000 }

const ask = async (index: WorkstreamIndex, token: string, part: { before?: number; limit?: number } = {}) =>
  plainLists(await index.sequencesWith({ ...EVERYTHING, tokens: [token], ...part }))[0]

const plainLists = (lists: readonly (Uint32Array | undefined)[]) => lists.map((list) => list && [...list])

const shapeOf = async (index: WorkstreamIndex, id: string, before: number, analyzer = ANALYZER) =>
  (await index.recallShapes([id], analyzer, before)).get(id)

async function filled(said: readonly Said[], step = 300): Promise<WorkstreamIndex> {
  const index = await indexDir().openEmpty()
  await fill(index, 'b', [{ words: 'apple elsewhere', session: 's1', author: 'Eve' }], 1)
  await fill(index, 'a', said, step)
  return index
}

const plain = (shape: RecallShape | undefined) => {
  if (shape === undefined) return undefined
  const { sequences, saidMs } = shape.sessionStarts
  return {
    ...shape,
    wordCounts: [...shape.wordCounts],
    sessionStarts: Array.from(sequences, (sequence, at) => [sequence, saidMs[at]]),
  }
}

describe('what recall asks of the index', () => {
  const said: Said[] = [
    { words: 'apple pear', session: 's1', author: 'Ada' },
    { words: '', session: 's1' },
    { words: 'apple', session: 's2', author: 'Grace' },
    { words: 'plum c++ apple', session: 's2', author: 'Ada' },
  ]

  it('is the words of each message, where sessions begin, and who spoke', async () => {
    const index = await filled(said)
    expect(plain(await shapeOf(index, 'a', 10))).toEqual({
      wordCounts: [2, 0, 1, 3],
      sessionStarts: [
        [1, 1_000],
        [3, 3_000],
      ],
      authors: ['Ada', 'Grace'],
    })
    expect(plain(await shapeOf(index, 'a', 3))).toMatchObject({
      wordCounts: [2, 0],
      sessionStarts: [[1, 1_000]],
    })
  })

  it('is nothing where nothing can be found, or by another analyzer', async () => {
    const index = await filled(said)
    expect(await Promise.all([index.searchedUpTo('a', ANALYZER), index.searchedUpTo('c', ANALYZER)])).toEqual([4, 0])
    expect(await index.searchedUpTo('a', ANALYZER + 1)).toBe(0)
    expect(await shapeOf(index, 'c', 10)).toBeUndefined()
    expect(await shapeOf(index, 'a', 10, ANALYZER + 1)).toBeUndefined()
    const query = { ...EVERYTHING, workstreamId: 'c', tokens: ['apple', 'pear'] }
    expect(plainLists(await index.sequencesWith(query))).toEqual([[], []])
    expect(plainLists(await index.newestWith(query))).toEqual([[], []])
  })

  it('is which messages have a token: of the workstream, newest first, before a sequence', async () => {
    const index = await filled(said)
    expect(await ask(index, 'apple')).toEqual([4, 3, 1])
    expect(await ask(index, 'apple', { before: 4 })).toEqual([3, 1])
    expect(await ask(index, 'c++')).toEqual([4])
    expect(await ask(index, 'app')).toEqual([])
    const several = { ...EVERYTHING, tokens: ['c++', 'app', 'apple'] }
    expect(plainLists(await index.sequencesWith(several))).toEqual([[4], [], [4, 3, 1]])
    expect(plainLists(await index.newestWith({ ...several, limit: 2 }))).toEqual([[4], [], [4, 3]])
  })

  it('is that more messages have a token than are of use, whatever was asked before', async () => {
    const index = await filled(said)
    for (const limit of [3, 2, 3, 2, 1])
      expect(await ask(index, 'apple', { limit })).toEqual(limit < 3 ? undefined : [4, 3, 1])
    for (const before of [10, 4, 3]) {
      const some = [4, 3, 1].filter((sequence) => sequence < before)
      expect(await ask(index, 'apple', { limit: 1, before })).toEqual(some.length > 1 ? undefined : some)
    }
    await fill(index, 'a', [...said, { words: 'apple', session: 's1' }], 1, said.length)
    expect(await ask(index, 'apple', { limit: 3 })).toBeUndefined()
    expect(await ask(index, 'apple', { limit: 3, before: 5 })).toEqual([4, 3, 1])
  })

  it('is what was committed, whoever asked for what before and whoever added more', async () => {
    const step = fc.oneof(
      fc.record({ add: fc.array(fc.constantFrom('apple', 'pear', 'apple pear', ''), { maxLength: 4 }) }),
      fc.record({ forget: fc.constant(true) }),
      fc.record({
        token: fc.constantFrom('apple', 'pear', 'plum'),
        before: fc.integer({ min: 1, max: 20 }),
        limit: fc.integer({ min: 1, max: 6 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const dir = indexDir()
        const writer = await dir.openEmpty()
        const reader = await dir.open()
        let added: Said[] = []
        for (const one of steps) {
          if ('add' in one) {
            const more = one.add.map((words) => ({ words, session: 's1' }))
            await fill(writer, 'a', [...added, ...more], 2, added.length)
            added = [...added, ...more]
          } else if ('forget' in one) {
            const transaction = await writer.begin()
            await transaction.forget('a')
            await transaction.commit()
            added = []
          } else {
            const { token, before, limit } = one
            const having = added
              .flatMap(({ words }, place) => (words.split(' ').includes(token) ? [place + 1] : []))
              .filter((sequence) => sequence < before)
              .reverse()
            const query = { ...EVERYTHING, tokens: [token], before, limit }
            const expected = having.length > limit ? undefined : having
            for (const index of [reader, writer])
              expect(plainLists(await index.sequencesWith(query))).toEqual([expected])
            expect(plainLists(await reader.newestWith(query))).toEqual([having.slice(0, limit)])
          }
        }
        await Promise.all([writer.close(), reader.close()])
      }),
      { numRuns: 60 },
    )
  })

  it('is the rows of messages with their authors, those that are there', async () => {
    const index = await filled(said)
    const candidates = await index.recallCandidates('a', [1, 2, 9])
    expect(candidates.map(({ position, author }) => [position.sequence, position.id, author])).toEqual([
      [1, 'm1', 'Ada'],
      [2, 'm2', undefined],
    ])
  })

  it('is the same however it came in, and gone with its workstream', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({
      words: 'word '.repeat(n % 300).trim(),
      session: `s${Math.floor(n / 7)}`,
    }))
    const index = await filled(many, 300)
    const shape = plain(await shapeOf(index, 'a', 2_000))
    expect(shape?.wordCounts).toEqual(many.map((_, n) => n % 300))
    expect(plain(await shapeOf(await filled(many, 1), 'a', 2_000))).toEqual(shape)
    expect(plain(await shapeOf(await filled(many, 41), 'a', 2_000))).toEqual(shape)
    expect((await shapeOf(index, 'a', 402))?.wordCounts).toHaveLength(401)

    const transaction = await index.begin()
    await transaction.forget('a')
    await transaction.commit()
    expect(await shapeOf(index, 'a', 2_000)).toBeUndefined()
    expect(await shapeOf(index, 'b', 2_000)).toMatchObject({ authors: ['Eve'] })
    await fill(index, 'a', said, 2)
    expect(plain(await shapeOf(index, 'a', 10))).toMatchObject({
      wordCounts: [2, 0, 1, 3],
      authors: ['Ada', 'Grace'],
    })
  })
})
