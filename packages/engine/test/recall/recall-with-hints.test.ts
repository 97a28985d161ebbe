import { embeddedHash } from '@arawn/engine/embedded-text'
import { createRecall } from '@arawn/engine/recall'
import { type QuestionHints, rankWithHints, type VectorIndex } from '@arawn/engine/recall-with-hints'
import { vectorBytes } from '@arawn/engine/vector-bytes'
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_VECTORS } from '../../src/recall/nearest.js'
import { analyzer, memoryIndex, type SaidSession } from './memory-index.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const recall = createRecall(analyzer)
const bytes = (...numbers: number[]) => vectorBytes(Float32Array.from(numbers)) as Uint8Array
const talk = (...texts: string[]): SaidSession => ({
  at: '2026-01-10T10:00:00Z',
  messages: texts.map((text) => ({ text })),
})

/** Vectors by sequence. */
function memoryVectors(vectors: ReadonlyMap<number, Uint8Array>, texts: readonly string[] = [], count = vectors.size) {
  const all = [...vectors].map(([sequence, vector]) => ({ sequence, vector })).sort((a, b) => a.sequence - b.sequence)
  const index: VectorIndex = {
    count: async (limit) => Math.min(count, limit),
    page: async (after, limit) => all.filter(({ sequence }) => sequence > after).slice(0, limit),
    of: async (sequences) => all.filter(({ sequence }) => sequences.includes(sequence)),
    hashes: async (sequences) => new Map(sequences.map((one) => [one, embeddedHash(texts[one - 1] ?? '')])),
  }
  return index
}

const ask = async (
  sessions: readonly SaidSession[],
  text: string,
  hints: QuestionHints,
  { vectors = memoryVectors(new Map()), limit = 100 }: { vectors?: VectorIndex; limit?: number } = {},
) =>
  rankWithHints({ recall, index: memoryIndex(sessions), vectorsOf: () => vectors }, { text, nowMs: NOW, hints }, limit)

const sequences = ({ messages }: { messages: readonly { position: { sequence: number } }[] }) =>
  messages.map(({ position }) => position.sequence)

const words = ['apple', 'pear', 'plum', 'quince', 'tea', 'who', 'the']
const somePhrase = array(constantFrom(...words), { maxLength: 5 }).map((some) => some.join(' '))
const someSessions = array(
  array(somePhrase, { minLength: 1, maxLength: 8 }).map((texts) => talk(...texts)),
  { maxLength: 4 },
)

describe('recall with hints', () => {
  it('is recall as it is without any', async () => {
    await assert(
      asyncProperty(someSessions, somePhrase, async (sessions, text) => {
        const plain = await recall.rank(memoryIndex(sessions), { text, nowMs: NOW }, 10)
        for (const hints of [{}, { terms: [] }, { vector: { model: 'm', bytes: bytes(1, 0) } }])
          expect((await ask(sessions, text, hints, { limit: 10 })).messages).toEqual(plain.messages)
      }),
    )
  })

  it('finds what the terms of an expansion say', async () => {
    const sessions = [talk('Rain.', 'Sun.', 'Snow.', 'Fog.', 'The proxy listens on port 8443.', 'Hail.', 'Wind.')]
    expect(sequences(await ask(sessions, 'Where does the gateway answer?', {}))).toEqual([])
    const ranking = await ask(sessions, 'Where does the gateway answer?', { terms: ['proxy', 'port'] })
    expect(ranking.messages[0]).toMatchObject({ position: { sequence: 5 }, score: 1, scores: { expansion: 1 } })
    expect(ranking.passageOf(`${'Nothing here. '.repeat(50)}\nport 8443\n${'Nor here. '.repeat(50)}`, 60)).toContain(
      '8443',
    )
  })

  it('puts first what several lists have, and the earlier of equals', async () => {
    const sessions = [talk('apple'), talk('pear'), talk('plum'), talk('quince')]
    const vectors = memoryVectors(
      new Map([
        [4, bytes(1, 0)],
        [2, bytes(1, 0.2)],
        [3, bytes(0, 1)],
      ]),
    )
    const hints = { terms: ['pear'], vector: { model: 'm', bytes: bytes(1, 0) } }
    const { messages } = await ask(sessions, 'apple', hints, { vectors })
    // apple: first by words, second by the expanded question; pear: first by that, second by its vector; quince: first by it.
    expect(messages.map(({ position, scores }) => [position.sequence, Object.keys(scores).join()])).toEqual([
      [1, 'words,expansion'],
      [2, 'expansion,vector'],
      [4, 'vector'],
      // What nothing speaks for fills up the rest.
      [3, ''],
    ])
    for (const { score, scores } of messages)
      expect(score).toBeCloseTo(
        Object.values(scores).reduce((sum, part) => sum + part, 0),
        5,
      )
    const scored = messages.map(({ score, position }) => [score, position.sequence] as const)
    expect(scored).toEqual([...scored].sort((a, b) => b[0] - a[0] || a[1] - b[1]))
  })

  it('leaves out what lies on the other side, and fills up as recall does', async () => {
    const sessions = [talk('We begin.', 'apple', 'rain'), talk('sun'), talk('fog'), talk('snow')]
    const vectors = memoryVectors(
      new Map([
        [6, bytes(1, 0)],
        [5, bytes(-1, 0)],
        [4, bytes(0, 1)],
      ]),
    )
    const { messages } = await ask(sessions, 'apple', { vector: { model: 'm', bytes: bytes(1, 0) } }, { vectors })
    expect(sequences({ messages: messages.filter(({ scores }) => 'vector' in scores) })).toEqual([6])
    expect(sequences({ messages }).sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect(sequences({ messages }).slice(-2)).toEqual([4, 5])
  })

  it('finds the answer beside what is near: what lies next to it in its session counts, too', async () => {
    const sessions = [talk('sun', 'fog'), talk('Where do you live?', 'Above the old bakery.', 'Nice.'), talk('snow')]
    const vectors = memoryVectors(
      new Map([
        [2, bytes(0, 1)],
        [3, bytes(1, 0)],
        [4, bytes(0, 1)],
      ]),
    )
    const { messages } = await ask(sessions, 'home?', { vector: { model: 'm', bytes: bytes(1, 0) } }, { vectors })
    expect(sequences({ messages })).toEqual([3, 4, 5])
  })

  it('looks at no more vectors than it may: of very many, those of what words rank first', async () => {
    const sessions = [talk('apple', ...Array.from({ length: 2_500 }, () => 'rain'), 'quince')]
    const made = new Map([
      [1, bytes(1, 0)],
      [2_502, bytes(1, 0)],
    ])
    const hints = { vector: { model: 'm', bytes: bytes(1, 0) } }
    const byVector = async (count: number) => {
      const ranking = await ask(sessions, 'apple', hints, { vectors: memoryVectors(made, [], count) })
      return sequences({ messages: ranking.messages.filter(({ scores }) => 'vector' in scores) }).sort((a, b) => a - b)
    }
    expect(await byVector(MOST_VECTORS)).toEqual([1, 2, 3, 4, 2_499, 2_500, 2_501, 2_502])
    expect(await byVector(MOST_VECTORS + 1)).toEqual([1, 2, 3, 4])
  })

  it('knows what does not say any more what its vector was made of', async () => {
    const texts = ['rain', 'apple', 'quince']
    const vectors = memoryVectors(
      new Map([
        [2, bytes(1, 0)],
        [3, bytes(1, 0)],
      ]),
      texts,
    )
    const hints = { vector: { model: 'm', bytes: bytes(1, 0) } }
    const { isStill } = await ask(
      texts.map((text) => talk(text)),
      'apple',
      hints,
      { vectors },
    )
    expect([isStill(3, 'quince'), isStill(3, 'plum'), isStill(3, undefined)]).toEqual([true, false, false])
    // Its words have found it, too.
    expect(isStill(2, 'something else')).toBe(true)
  })

  it('gives the same for the same', async () => {
    await assert(
      asyncProperty(someSessions, somePhrase, somePhrase, async (sessions, text, term) => {
        const made = sessions
          .flatMap((session) => session.messages)
          .map((_, at) => [at + 1, bytes((at % 3) - 1, 1)] as const)
        const hints = { terms: [term].filter((one) => one !== ''), vector: { model: 'm', bytes: bytes(1, 1) } }
        const first = await ask(sessions, text, hints, { vectors: memoryVectors(new Map(made)), limit: 7 })
        const again = await ask(sessions, text, hints, {
          vectors: memoryVectors(new Map([...made].reverse())),
          limit: 7,
        })
        expect(again.messages).toEqual(first.messages)
        expect(first.messages.length).toBeLessThanOrEqual(7)
      }),
    )
  })
})
