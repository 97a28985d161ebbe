import type { SearchExpression, SearchMatches } from '@arawn/core/search'
import { createRecall } from '@arawn/engine/recall'
import { parseSearchQuery } from '@arawn/engine/search-query'
import { createSearchRanking, type RankedMatches, type SearchIndex } from '@arawn/engine/search-ranking'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyzer, memoryIndex, type SaidSession } from './recall/memory-index.js'

type Store = Readonly<Record<string, readonly SaidSession[]>>

const nowMs = Date.parse('2026-06-01T12:00:00Z')
const rank = createSearchRanking(analyzer)

/** What a search asks of an index, from messages in memory. Terms of one word only. */
function searchIndex(store: Store): SearchIndex {
  const tokens = Object.entries(store).map(([workstreamId, sessions]) => ({
    workstreamId,
    tokens: sessions
      .flatMap(({ messages }) => messages)
      .map(({ text }) => {
        const { words, parts } = analyzer.tokensOf(text)
        return new Set(`${words} ${parts}`.split(' '))
      }),
  }))
  const matches = ({ alternatives, without }: SearchExpression): SearchMatches[] =>
    tokens.flatMap(({ workstreamId, tokens: ofAll }) => {
      const sequences = ofAll.flatMap((of, place) => {
        const says = (term: { words: readonly string[] }) => term.words.every((word) => of.has(word))
        return alternatives.some((terms) => terms.every(says)) && !without.some(says) ? [place + 1] : []
      })
      return sequences.length > 0 ? [{ workstreamId, sequences: sequences.reverse() }] : []
    })
  return {
    size: async () => tokens.reduce((sum, { tokens: ofAll }) => sum + ofAll.length, 0),
    matches: async (expression, limit = Number.POSITIVE_INFINITY) => {
      let left = limit
      return matches(expression).flatMap(({ workstreamId, sequences }) => {
        const kept = sequences.slice(0, left)
        left -= kept.length
        return kept.length > 0 ? [{ workstreamId, sequences: kept }] : []
      })
    },
    shapes: async (ids) => {
      const shapes = new Map()
      for (const id of ids) shapes.set(id, await memoryIndex(store[id] ?? []).shape())
      return shapes
    },
  }
}

function search(store: Store, text: string, except = {}): Promise<RankedMatches> {
  return rank(searchIndex(store), { expression: parseSearchQuery(text, analyzer), text, nowMs, except })
}

/** `workstream:sequence`, with `~` before those that say some of it only. */
async function found(store: Store, text: string): Promise<string[]> {
  const ranked = await search(store, text)
  return ranked
    .best(100)
    .map(({ workstreamId, sequence, partial }) => `${partial ? '~' : ''}${workstreamId}:${sequence}`)
}

const said = (...texts: string[]): SaidSession => ({
  at: '2026-01-15T10:00:00Z',
  messages: texts.map((text) => ({ text })),
})
const filler = Array.from({ length: 20 }, (_, n) => said(`nothing of that ${n}`))

describe('the ranking of a search', () => {
  it('puts messages with all of the words before those with some', async () => {
    const store = {
      a: [said('the harbour gate'), ...filler],
      b: [said('gate gate gate'), ...filler, said('a gate for the harbour, as long as the others said it would be')],
    }
    expect(await found(store, 'harbour gate')).toEqual(['a:1', 'b:22', '~b:1'])
  })

  it('finds what stands beside the words, and nothing in the next session or workstream', async () => {
    const store = {
      a: [said('where does the ferry start', 'at the old pier'), said('elsewhere'), ...filler],
      b: [said('first of all'), ...filler],
    }
    expect(await found(store, 'ferry timetable')).toEqual(['~a:1', '~a:2'])
  })

  it('takes signs at their word', async () => {
    const store = { a: [said('the harbour gate', 'no harbour', 'the gate'), ...filler] }
    expect(await found(store, '"harbour" "gate"')).toEqual(['a:1'])
    expect(await found(store, 'harbour -gate')).toEqual(['a:2'])
    expect((await found(store, 'harbour OR gate')).sort()).toEqual(['a:1', 'a:2', 'a:3'])
    expect(await found(store, 'ferry')).toEqual([])
  })

  it('asks for words that say nothing only when there are no others', async () => {
    const store = { a: [said('what is it', 'the tides', 'what the'), ...filler] }
    expect(await found(store, 'what is the tide of')).toEqual(['~a:2', '~a:3', '~a:1'])
    expect(await found(store, 'what is')).toEqual(['a:1', '~a:2', '~a:3'])
  })

  it('looks for names in what is said, and gives something to what they said', async () => {
    const messages = [
      { text: 'I painted the boat', author: 'Mel' },
      { text: 'you painted, Mel', author: 'Ada' },
      { text: 'Mel', author: 'Ada' },
    ]
    const store = { a: [{ at: '2026-01-15T10:00:00Z', messages }, ...filler] }
    expect((await found(store, 'mel')).sort()).toEqual(['a:2', 'a:3'])
    const ranked = await search(store, 'what did mel paint')
    expect(['Mel', 'Ada', undefined].map((author) => ranked.scoreWith(author, 1))).toEqual([1.25, 1, 1])
  })

  it('ranks what is partial as recall does', async () => {
    const word = fc.constantFrom('ferry', 'harbour', 'gate', 'tide', 'crane', 'rope')
    const message = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
    const sessions = fc.array(fc.array(message, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(sessions, fc.uniqueArray(word, { minLength: 2, maxLength: 4 }), async (texts, words) => {
        const store = { a: texts.map((one) => said(...one)) }
        const query = [...words, 'zeppelin'].join(' ')
        const recalled = await createRecall(analyzer).rank(memoryIndex(store.a), { text: query, nowMs }, 1_000)
        const hits = (await search(store, query)).best(1_000)
        const scores = new Map(recalled.messages.map(({ position, score }) => [position.sequence, score]))
        expect(hits.every(({ partial }) => partial)).toBe(true)
        for (const { sequence, score } of hits) expect(score).toBeCloseTo(scores.get(sequence) ?? -1, 3)
        const near = recalled.messages.filter((one) => (one.scores.words ?? 0) > 0)
        expect(hits.map(({ sequence }) => sequence).sort()).toEqual(near.map((one) => one.position.sequence).sort())
      }),
    )
  })

  it('leaves out what was given, and gives the same whatever the order of workstreams', async () => {
    const store = { a: [said('ferry'), ...filler], b: [said('ferry pier'), ...filler], c: [said('pier'), ...filler] }
    const turned = Object.fromEntries(Object.entries(store).reverse())
    const all = (await search(store, 'ferry pier')).best(10)
    expect((await search(turned, 'ferry pier')).best(10)).toEqual(all)
    const rest = (await search(store, 'ferry pier', { b: [1], c: [1, 2] })).best(10)
    expect(rest).toEqual(all.filter(({ workstreamId }) => workstreamId === 'a'))
  })
})
