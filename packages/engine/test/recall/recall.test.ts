import { createRecall, type RankedMessage } from '@arawn/engine/recall'
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyzer, memoryIndex, type SaidSession } from './memory-index.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const { rank } = createRecall(analyzer)

const asked = async (sessions: readonly SaidSession[], text: string, limit = 100): Promise<readonly RankedMessage[]> =>
  (await rank(memoryIndex(sessions), { text, nowMs: NOW }, limit)).messages

const sequences = (ranked: readonly RankedMessage[]) => ranked.map(({ position }) => position.sequence)

const talk = (at: string, ...texts: string[]): SaidSession => ({ at, messages: texts.map((text) => ({ text })) })

describe('recall ranks', () => {
  const sessions = [
    talk('2026-01-10T10:00:00Z', 'We grow tomatoes.', 'Which soil?', 'Sandy.', 'Fine.', 'Rain came.', 'Much of it.'),
    talk('2026-01-20T10:00:00Z', 'The proxy listens on port 8443.', 'Since when?', 'Since the last release.'),
    talk('2026-02-20T10:00:00Z', 'Lunch?', 'Soup.', 'Good.'),
  ]

  it('what says the words of the question first, then what stands next to it', async () => {
    expect(sequences(await asked(sessions, 'Which port does the proxy use?')).slice(0, 3)).toEqual([7, 8, 9])
    expect(sequences(await asked(sessions, 'What about tomatoes?'))[0]).toBe(1)
  })

  it('an answer above a question that stands far from what it is about', async () => {
    const ranked = sequences(await asked(sessions, 'Did the tomatoes get sandy soil?'))
    expect(ranked.slice(0, 3).sort()).toEqual([1, 2, 3])
  })

  it('nothing for words that were never said, and for none', async () => {
    expect(await asked(sessions, 'Quantum chromodynamics?')).toEqual([])
    expect(await asked(sessions, 'And what did you do then?')).toEqual([])
    expect(await asked(sessions, '')).toEqual([])
    expect(await asked([], 'tomatoes')).toEqual([])
  })

  it('by the day that is named', async () => {
    for (const question of ['What was on 20 February 2026?', 'What did we say on 2026-02-20?', 'And nine days ago?'])
      expect(sequences(await asked(sessions, question)).slice(0, 3)).toEqual([10, 11, 12])
    const [best] = await asked(sessions, 'What was on 20 February 2026?')
    expect(best?.scores).toEqual({ date: 0.6 })
  })

  it('what the one said who is named, when others spoke, too', async () => {
    const said = (author: string, text: string) => ({ author, text })
    const both = [
      {
        at: '2026-01-10T10:00:00Z',
        messages: [
          said('Ada', 'The garden is green, dear Grace.'),
          said('Grace', 'My garden is brown, dear Ada.'),
          said('Ada', 'Oh.'),
        ],
      },
    ]
    expect(sequences(await asked(both, "How is Ada's garden?"))[0]).toBe(1)
    expect(sequences(await asked(both, "How is Grace's garden?"))[0]).toBe(2)
    expect((await asked(both, 'How is the garden of Ada and Grace?')).some(({ scores }) => 'author' in scores)).toBe(
      false,
    )
  })

  it('parts of names in code, and names as a whole', async () => {
    const code = [
      talk('2026-01-10T10:00:00Z', 'Look at src/log-store.ts', 'Why?', 'It leaks.', 'Ok.', 'Hm.', 'So.', 'x'),
    ]
    expect(sequences(await asked(code, 'what of log-store.ts'))[0]).toBe(1)
    expect(sequences(await asked(code, 'what of the logStore'))[0]).toBe(1)
  })

  it('no more than it is asked for, the best of all', async () => {
    const all = await asked(sessions, 'Which port does the proxy use?')
    expect(await asked(sessions, 'Which port does the proxy use?', 2)).toEqual(all.slice(0, 2))
  })

  it('any history and any question, the same each time, best first, nothing twice', async () => {
    const word = constantFrom('apple', 'pear', 'plum', 'the', 'on', 'may', '2026', 'getUserName', '東京', '"', '\u0000')
    const text = array(word, { maxLength: 6 }).map((words) => words.join(' '))
    const session = array(text, { minLength: 1, maxLength: 8 }).map((texts) => talk('2026-01-10T10:00:00Z', ...texts))
    await assert(
      asyncProperty(array(session, { maxLength: 5 }), text, async (history, question) => {
        const ranked = await asked(history, question)
        expect(await asked(history, question)).toEqual(ranked)
        expect(new Set(sequences(ranked)).size).toBe(ranked.length)
        const scores = ranked.map(({ score }) => score)
        expect(scores).toEqual([...scores].sort((a, b) => b - a))
        for (const { score, scores: parts } of ranked)
          expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 3)
      }),
    )
  })
})

describe('what words are worth', () => {
  /** The same, said as directly as it can be. */
  function plainly(sessions: readonly SaidSession[], tokens: readonly string[]): number[] {
    const kernel = [0.1, 0.3, 0.55, 1, 0.55, 0.3, 0.1]
    const all = sessions.flatMap(({ messages }, session) => messages.map(({ text }) => ({ text, session })))
    const words = all.map(({ text }) => analyzer.tokensOf(text).words.split(' ').filter(Boolean))
    const around = (place: number, of: (words: string[]) => number) =>
      kernel.reduce((sum, weight, offset) => {
        const at = place + offset - 3
        return all[at]?.session === all[place]?.session ? sum + weight * of(words[at] ?? []) : sum
      }, 0)
    const said = words.filter(({ length }) => length > 0)
    const mean = (said.reduce((sum, { length }) => sum + length, 0) / said.length) * 2.9
    const scores = all.map((_, place) =>
      tokens.reduce((sum, token) => {
        const having = words.filter((ofOne) => ofOne.includes(token)).length
        const idf = Math.log(1 + (said.length - having + 0.5) / (having + 0.5))
        const frequency = around(place, (ofOne) => (ofOne.includes(token) ? 1 : 0))
        const norm = 1.5 * (0.05 + (0.95 * around(place, ({ length }) => length)) / mean)
        return sum + (frequency === 0 ? 0 : (idf * frequency * 2.5) / (frequency + norm))
      }, 0),
    )
    const best = Math.max(...scores)
    return scores.map((score) => score / best)
  }

  it('is BM25 over each message and its neighbours', async () => {
    const word = constantFrom('apple', 'pear', 'plum', 'cherry', 'fig', 'quince', 'lemon')
    const text = array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
    const session = array(text, { minLength: 1, maxLength: 9 }).map((texts) => talk('2026-01-10T10:00:00Z', ...texts))
    await assert(
      asyncProperty(array(session, { minLength: 1, maxLength: 5 }), async (history) => {
        const ranked = await asked(history, 'apple pear')
        const wanted = plainly(history, ['appl', 'pear'])
        for (const { position, scores } of ranked)
          expect(scores.words ?? 0).toBeCloseTo(wanted[position.sequence - 1] ?? 0, 3)
      }),
    )
  })
})
