import { rmSync } from 'node:fs'
import type { SearchMessagesInput } from '@arawn/core/search-operations'
import { failureOf } from '@arawn/testkit/log-store-steps'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-manager.js'
import { found } from './search-steps.js'

describe('searchMessages', () => {
  it.each([
    ['connection', [1]],
    ['CONNECTED', [1]],
    ['log-store.ts', [1]],
    ['logstore', [1]],
    ['store', [1]],
    ['"log store"', [1]],
    ['"store log"', []],
    ['connecti*', [1]],
    ['pool -nothing', [1]],
    ['pool -connection', []],
    ['zebra OR pool', [1]],
    ['pooled nothing', [2, 1, 3]],
    ['"pooled" "nothing"', []],
    ['cafe', [3]],
    ['東京', [3]],
    ['京', [3]],
    ['getusername', [3]],
  ])('finds by %s the messages %j', async (query, sequences) => {
    const manager = await testDir().open()
    await manager.sendMessage({ content: 'The connections of log-store.ts are pooled' })
    await manager.sendMessage({ content: 'nothing of that' })
    await manager.sendMessage({ content: 'getUserName of the Café in 東京都' })
    expect(await found(manager, query)).toEqual(sequences.map((sequence) => `scratch:${sequence}`))
  })

  it('answers a question with what stands beside its words, marked as partial', async () => {
    const manager = await testDir().open()
    await manager.createWorkstream({ id: 'harbour' })
    for (const content of ['Where does the ferry leave?', 'From the old pier, at nine.', 'Thanks!'])
      await manager.sendMessage({ workstream: 'harbour', content })
    for (let n = 0; n < 30; n++) await manager.sendMessage({ content: `Nothing of that, ${n}` })
    await manager.sendMessage({ content: 'When the ferry leaves I am gone' })
    const { items } = await manager.searchMessages({ query: 'when does the ferry leave' })
    expect(items.map(({ message, partial = false }) => [message.content, partial])).toEqual([
      ['Where does the ferry leave?', true],
      ['When the ferry leaves I am gone', true],
      ['From the old pier, at nine.', true],
      ['Thanks!', true],
      ...[29, 28, 27].map((n) => [`Nothing of that, ${n}`, true]),
    ])
    const exact = await manager.searchMessages({ query: 'when ferry leave' })
    expect(exact.items[0]).toMatchObject({ message: { content: 'When the ferry leaves I am gone' } })
    expect(exact.items[0]).not.toHaveProperty('partial')
    expect(exact.items.slice(1).every(({ partial }) => partial)).toBe(true)
    expect(await found(manager, 'when ferry leave', { order: 'newest' })).toEqual(['scratch:31'])
  })

  it('shows where it was found', async () => {
    const manager = await testDir().open()
    await manager.sendMessage({ content: 'The connections of\nlog-store.ts are pooled' })
    const [hit] = (await manager.searchMessages({ query: 'pool logstore' })).items
    expect(hit?.snippet).toBe('The connections of log-store.ts are pooled')
    expect(hit?.highlights.map(([from, to]) => hit.snippet.slice(from, to))).toEqual(['log-store.ts', 'pooled'])
  })

  it('finds what a tool was called with', async () => {
    const manager = await testDir().open()
    const metadata = { tool_call_id: 't', tool_name: 'read', arguments: { path: 'src/walrus.ts' } }
    await manager.sendMessage({ role: 'tool_use', content: '', metadata })
    expect(await found(manager, 'walrus.ts')).toEqual(['scratch:1'])
  })

  it('says when nothing was asked, and refuses what it does not know', async () => {
    const manager = await testDir().open()
    expect(await manager.searchMessages({ query: ' * - "" ' })).toEqual({
      items: [],
      complete: true,
      nothingAsked: true,
    })
    for (const [input, path] of [
      [{ query: 'a', since: 'yesterday' }, 'since'],
      [{ query: 'a', limit: 0 }, 'limit'],
      [{ query: 'a', after: 'elsewhere' }, 'after'],
    ] as [SearchMessagesInput, string][])
      expect(await failureOf(manager.searchMessages(input))).toMatchObject({
        code: 'INVALID_INPUT',
        details: { path },
      })
    expect(await failureOf(manager.searchMessages({ query: 'a', workstream: 'gone' }))).toMatchObject({
      code: 'WORKSTREAM_NOT_FOUND',
    })
  })

  it('answers any text, in quotes or not', async () => {
    const manager = await testDir().open()
    await manager.sendMessage({ content: 'something "quoted" - and 東京 starred*' })
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '*',
        '-',
        ' ',
        'OR',
        'AND',
        'NOT',
        'NEAR(',
        ')',
        ':',
        'words',
        '^',
        '+',
        '{',
        '\u0000',
        '\ud800',
      ),
      fc.constantFrom('quot', 'some', '東', "'", '\\', ';', '%', '_', '?', '@a', '$1'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const { items } = await manager.searchMessages({ query: pieces.join('') })
        expect(items.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })
})

describe('pages of a search', () => {
  it.each([
    ['apple', 'relevance'],
    ['apple', 'newest'],
    ['apple 7 pear', 'relevance'],
  ] as const)(
    'for %j in the order %s give each message once, while others are written and the index is lost',
    async (query, order) => {
      const dir = testDir()
      let manager = await dir.open()
      for (let n = 0; n < 25; n++) await manager.sendMessage({ content: `${'apple '.repeat(1 + (n % 4))}${n}` })
      const all = await found(manager, query, { order })
      const seen: string[] = []
      let after: string | undefined
      for (let page = 0; ; page++) {
        const { items, next } = await manager.searchMessages({ query, order, limit: 4, after })
        seen.push(...items.map(({ workstream_id, message }) => `${workstream_id}:${message.sequence}`))
        await manager.sendMessage({ content: `apple apple apple apple later ${page}` })
        if (page === 2) {
          await manager.close()
          rmSync(dir.indexPath)
          manager = await dir.open()
        }
        if (next === undefined) break
        after = next
      }
      expect(seen).toHaveLength(25)
      expect([...seen].sort()).toEqual([...all].sort())
      if (order === 'newest') expect(seen).toEqual(all)
    },
  )

  it('begin with what the author who is named said, however many others match as well', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const say = async (author: string, content: string) => {
      dir.clock.advance(3_600_000)
      await manager.sendMessage({ author, content })
    }
    for (let n = 0; n < 60; n++) await say('Ada', `The boat was painted ${'again '.repeat(8 + (n % 4))}`)
    await say('Mel', `The boat was painted ${'again '.repeat(12)}`)
    for (let n = 0; n < 100; n++) await say('Ada', `nothing of that ${n}`)
    const query = 'did Mel paint the boat'
    const all = (await manager.searchMessages({ query, limit: 1_000 })).items
    expect(all[0]?.message.author).toBe('Mel')
    for (const limit of [1, 20])
      expect((await manager.searchMessages({ query, limit })).items).toEqual(all.slice(0, limit))
  })

  it('are refused in another order than the one they began in', async () => {
    const manager = await testDir().open()
    for (const n of [1, 2, 3]) await manager.sendMessage({ content: `apple ${n}` })
    const { next } = await manager.searchMessages({ query: 'apple', limit: 1 })
    expect(await failureOf(manager.searchMessages({ query: 'apple', order: 'newest', after: next }))).toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})
