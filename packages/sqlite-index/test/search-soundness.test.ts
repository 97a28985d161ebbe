import type { MessagePosition, WorkstreamIndex } from '@arawn/core/workstream-index'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { headsAt, indexDir, indexedLine } from './open-index.js'

const ANALYZER = 1

/** Two messages of workstream `a`, found as `apple` and `pear`. */
async function searchable() {
  const dir = indexDir()
  const index = await dir.openEmpty()
  const transaction = await index.begin()
  const said = (sequence: number) => ({
    v: 1,
    stamp: sequence,
    timestamp: '2026-01-15T10:00:00.000Z',
    id: `m${sequence}`,
    session_id: 's',
    role: 'user',
    content: 'x',
  })
  await transaction.apply(
    'a',
    [1, 2].map((sequence) => indexedLine('messages', sequence, sequence, said(sequence))),
  )
  await transaction.setHeads('a', headsAt({ workstream: 0, sessions: 0, messages: 2 }))
  await transaction.commit()
  const { items } = await index.messages({ workstreamId: 'a', after: 0, limit: 10 })
  return { dir, index, items }
}

async function add(index: WorkstreamIndex, rows: readonly MessagePosition[], searched = 0): Promise<boolean> {
  const transaction = await index.begin()
  const added = await transaction.addToSearch(ANALYZER, {
    workstreamId: 'a',
    searched,
    upTo: rows.at(-1)?.sequence ?? searched,
    rows: rows.map((position) => ({
      position,
      saidMs: 7,
      words: ['apple', 'pear'][position.sequence - 1] ?? '',
      wordCount: position.sequence > 2 ? 0 : 1,
      parts: '',
    })),
  })
  await transaction.commit()
  return added
}

async function hits(index: WorkstreamIndex, word: string): Promise<number[]> {
  const term = { words: [word], prefix: false }
  const expression = { alternatives: [[term]], without: [], plain: false }
  return (await index.searchNewest({ expression, analyzerVersion: ANALYZER, limit: 10 })).items.map(
    ({ sequence }) => sequence,
  )
}

describe('the part of the index that search has', () => {
  it('takes additions in order, once, and only if the messages are as they were read', async () => {
    const { index, items } = await searchable()
    expect(await index.searchGaps(ANALYZER, 10)).toEqual([{ workstreamId: 'a', searched: 0, applied: 2 }])
    expect(await add(index, items.slice(1), 1)).toBe(false)
    expect(await add(index, [{ ...(items[0] as MessagePosition), stamp: 9 }])).toBe(false)
    expect(await add(index, items.slice(0, 1))).toBe(true)
    expect(await add(index, items.slice(0, 1))).toBe(false)
    expect(await index.searchLag(ANALYZER)).toEqual({ behind: 1, applied: 2 })
    expect(await add(index, items.slice(1), 1)).toBe(true)
    expect(await index.searchGaps(ANALYZER, 10)).toEqual([])
    expect([await hits(index, 'apple'), await hits(index, 'pear')]).toEqual([[1], [2]])
    expect(await index.verify()).toEqual([])
  })

  it('is forgotten with its workstream', async () => {
    const { index, items } = await searchable()
    await add(index, items)
    const transaction = await index.begin()
    await transaction.forget('a')
    await transaction.commit()
    expect(await hits(index, 'apple')).toEqual([])
    expect(await index.verify()).toEqual([])
  })

  it.each([
    ['DELETE FROM search_tokens WHERE rowid & 1', 'search knows 1 messages of a where it should know 2'],
    ['DELETE FROM search_workstreams', 'search knows 2 messages of no workstream'],
    [`INSERT INTO search_tokens (rowid, words) VALUES (7, 'x')`, 'search knows 1 messages of no workstream'],
  ])('is unsound after %s', async (sql, problem) => {
    const { dir, index, items } = await searchable()
    await add(index, items)
    openDatabase(dir.path).exec(sql)
    expect(await index.verify()).toEqual([problem])
  })

  it('is unsound when its words do not fit together', async () => {
    const { dir, index, items } = await searchable()
    await add(index, items)
    openDatabase(dir.path).unsafeMode().exec('DELETE FROM search_tokens_data WHERE id > 10')
    expect(await index.verify()).not.toEqual([])
  })
})
