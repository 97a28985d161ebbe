import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createTokenLists } from '../src/search/token-lists.js'

/** A connection on which every token stands in these messages. @returns also how often it was asked */
function connection(sequences: readonly number[]) {
  let asked = 0
  const statement = {
    pluck: () => statement,
    get: () => {
      asked++
      return sequences.length === 0 ? null : sequences.join()
    },
  }
  return { client: { readonly: true, prepare: () => statement } as unknown as Database, asked: () => asked }
}

const workstream = { number: 1, searched: 1_000_000 }

describe('lists of tokens that are kept', () => {
  for (const [name, sequences, count] of [
    ['long ones', Array.from({ length: 50_000 }, (_, n) => 50_000 - n), 60],
    ['those of words that nobody ever said', [], 12_000],
  ] as const)
    it(`are as many as fit into some megabytes: ${name}`, () => {
      const { client, asked } = connection(sequences)
      const lists = createTokenLists(client)
      const tokens = Array.from({ length: count }, (_, n) => `token${n}`)
      const ask = (token: string | undefined) => lists.read(workstream, token ?? '', 900_000, 50_000)
      for (const token of tokens) expect(ask(token)).toHaveLength(sequences.length)
      expect(asked()).toBe(count)
      expect(ask(tokens.at(-1))).toEqual(Uint32Array.from(sequences))
      expect(asked()).toBe(count)
      ask(tokens[0])
      expect(asked()).toBe(count + 1)
    })
})
