import { decodeLine } from '@arawn/core/line'
import { silentLogger } from '@arawn/core/logger'
import type { IndexedLine } from '@arawn/core/workstream-index'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { expect, it, onTestFinished } from 'vitest'
import { createAnalysis } from '../src/search/analysis.js'
import { createSearchFeed } from '../src/search/search-feed.js'
import { message } from './foreign-lines.js'

const analyzer = createTextAnalyzer()

/** Messages from one sequence to another, each a line of the log. */
function linesOf(id: string, first: number, last: number): IndexedLine[] {
  return Array.from({ length: last - first + 1 }, (_, n): IndexedLine => {
    const sequence = first + n
    const text = message(`${id}-m${sequence}`, `${id}-s`, sequence, `${id}word${sequence}`)
    const place = { offset: 1_000 * sequence, length: text.length - 1, stamp: sequence }
    return { log: 'messages', sequence, ...place, line: decodeLine('messages', text) }
  })
}

it('adds what was taken before a workstream is applied to its end, and forgets what is dropped', async () => {
  const temp = makeTempDir()
  const index = await openSqliteIndex({ path: `${temp.path}/index.db` })
  onTestFinished(async () => {
    await index.close()
    temp.dispose()
  })
  const replacement = await index.startReplacement()
  const { transaction } = replacement
  const analysis = createAnalysis({ analyzer, logger: silentLogger, workerFile: undefined })
  const feed = createSearchFeed({ transaction, analysis, analyzerVersion: analyzer.version }, { mostKept: 1 })
  const take = async (id: string, first: number, last: number) => {
    const lines = linesOf(id, first, last)
    await transaction.apply(id, lines)
    await feed.take(id, lines)
  }
  const searched = (id: string) => transaction.searchedUpTo(id, analyzer.version)

  await take('a', 1, 700)
  // Whole pieces of it.
  expect(await searched('a')).toBe(600)
  await take('a', 701, 1_000)
  expect(await searched('a')).toBe(900)
  await take('b', 1, 350)
  expect(await searched('a')).toBe(1_000)
  expect(await searched('b')).toBe(300)
  await transaction.forget('b')
  feed.drop('b')
  await take('c', 1, 5)
  const seen: number[] = []
  await feed.finish((bytes) => seen.push(bytes))
  expect(seen).toHaveLength(1)
  expect([await searched('a'), await searched('b'), await searched('c')]).toEqual([1_000, 0, 5])
  const expression = { alternatives: [[{ words: ['aword650'], prefix: false }]], without: [], plain: false }
  const { items } = await transaction.searchNewest({ expression, analyzerVersion: analyzer.version, limit: 10 })
  expect(items.map(({ sequence }) => sequence)).toEqual([650])
  await replacement.discard()
})
