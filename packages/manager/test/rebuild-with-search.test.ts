import { timestampOf } from '@arawn/core/clock'
import { describe, expect, it } from 'vitest'
import { line, said } from './foreign-lines.js'
import { dumpOf } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'
import { found, searchKnows } from './search-steps.js'

const START = Date.UTC(2026, 0, 15) * 1_000

/** A complete message, as we write it; some said by somebody, and some long before they were written. */
function message(id: string, sequence: number, content: string) {
  const stamp = START + sequence * 1_000
  return line({
    v: 1,
    stamp,
    id: `${id}-m${sequence}`,
    session_id: `${id}-s${Math.ceil(sequence / 40)}`,
    timestamp: sequence % 9 === 0 ? '2024-02-29T23:59:59.5+02:00' : timestampOf(stamp / 1_000),
    role: 'user',
    content,
    ...(sequence % 5 === 0 && { author: `Ada ${sequence % 3}` }),
  })
}

function writeWorkstream(dir: DataDir, id: string, messages: readonly string[]): void {
  dir.writeByHand(
    id,
    'workstream',
    line({ v: 1, stamp: START, type: 'workstream_created', timestamp: timestampOf(START / 1_000), title: id }),
  )
  dir.writeByHand(id, 'messages', messages.join(''))
}

const words = (id: string, sequence: number) => `apple${sequence % 7} ${id}_word${sequence} log-store.ts 東京都`
const lines = (id: string, count: number) =>
  Array.from({ length: count }, (_, n) => message(id, n + 1, words(id, n + 1)))

const queries = ['apple3', 'apple1 -apple2', 'plain_word7', 'plain_word1201', 'odd_word300', '京', 'logstore', 'needle']

/** Built: a thread runs no TypeScript. */
const analysisWorker = new URL('../dist/analysis-worker.js', import.meta.url)

/** What search knows step by step, and after a rebuild that made it searchable at once. */
async function bothWays(dir: DataDir) {
  const manager = await dir.open()
  await manager.levelSearch({ withinMs: 60_000 })
  const inSteps = await searchKnows(manager, queries)
  const seen: [string, number, number][] = []
  await manager.rebuildIndex({
    onProgress: ({ phase, bytesDone, bytesTotal }) => seen.push([phase, bytesDone, bytesTotal]),
  })
  const early = await manager.searchMessages({ query: 'apple3', withinMs: 0 })
  return { manager, inSteps, rebuilt: await searchKnows(manager, queries), complete: early.complete, seen }
}

describe('a rebuild with search', () => {
  it('finds what small steps find, with the same scores, and is level at once', async () => {
    const dir = testDir()
    writeWorkstream(dir, 'plain', lines('plain', 1_300))
    writeWorkstream(dir, 'short', lines('short', 3))
    writeWorkstream(
      dir,
      'wide',
      [1, 2, 3].map((n) => message('wide', n, `needle${n}${' ox'.repeat(200_000)}`)),
    )
    const { manager, inSteps, rebuilt, complete, seen } = await bothWays(dir)
    expect(rebuilt).toEqual(inSteps)
    expect(complete).toBe(true)
    expect(await found(manager, 'plain_word1201')).toEqual(['plain:1201'])
    expect(await found(manager, 'needle2')).toEqual(['wide:2'])
    expect(await found(manager, 'plain_word5', { author: 'Ada 2' })).toEqual(['plain:5'])
    expect(await manager.verify()).toMatchObject({ ok: true, search: { messagesDone: 1_306, messagesTotal: 1_306 } })
    const rows = seen.filter(([phase]) => phase === 'rows')
    expect(rows.map(([, done]) => done)).toEqual(rows.map(([, done]) => done).toSorted((a, b) => a - b))
    expect(rows.at(-1)?.[1]).toBe(rows.at(-1)?.[2])
    expect(seen.at(-1)?.[0]).toBe('search')
  })

  it.each<[string, string[]]>([
    ['lines that are no messages', ['', 'no JSON', '{"v":9}'].map((text) => `${text}\n`)],
    ['lines that were written by hand', [said('needle by hand'), said('needle again')]],
    ['an id that is there already', [message('odd', 1, 'needle twice')]],
  ])('finds the same next to %s', async (_, odd) => {
    const dir = testDir()
    const all = lines('odd', 500)
    writeWorkstream(dir, 'odd', [...all.slice(0, 200), ...odd, ...all.slice(200), ...odd.slice(0, 1)])
    writeWorkstream(dir, 'plain', lines('plain', 30))
    const { manager, inSteps, rebuilt, complete } = await bothWays(dir)
    expect(rebuilt).toEqual(inSteps)
    expect(complete).toBe(true)
    expect(await found(manager, 'odd_word300')).toHaveLength(1)
    expect(await manager.verify()).toMatchObject({ ok: true })
  })

  it('is the same with the help of a thread, or one that cannot be started', { timeout: 60_000 }, async () => {
    const dir = testDir()
    const wordy = (sequence: number) => `plain_word${sequence} ${'some more of it '.repeat(6_000)}`
    const long = Array.from({ length: 120 }, (_, n) => message('plain', n + 1, wordy(n + 1)))
    writeWorkstream(dir, 'plain', long)
    writeWorkstream(dir, 'odd', [...lines('odd', 300), said('needle by hand')])
    const { manager, rebuilt } = await bothWays(dir)
    const rows = await dumpOf(manager)
    const warnings = () => dir.logger.lines.filter(({ level }) => level === 'warn').length
    for (const [file, more] of [
      [analysisWorker, 0],
      [new URL('absent.js', analysisWorker), 1],
    ] as const) {
      const helped = await dir.open({ analysisWorker: file })
      const before = warnings()
      await helped.rebuildIndex()
      expect(await searchKnows(helped, queries)).toEqual(rebuilt)
      expect(await dumpOf(helped)).toEqual(rows)
      expect(warnings() - before).toBe(more)
    }
  })

  it('ends with its manager', { timeout: 60_000 }, async () => {
    const dir = testDir()
    writeWorkstream(
      dir,
      'wide',
      Array.from({ length: 40 }, (_, n) => message('wide', n + 1, 'ox '.repeat(100_000))),
    )
    const manager = await dir.open({ analysisWorker })
    let closing: Promise<void> | undefined
    const rebuilding = manager.rebuildIndex({
      onProgress: ({ bytesDone, bytesTotal }) => {
        if (bytesDone > bytesTotal / 2) closing ??= manager.close()
      },
    })
    await expect(rebuilding).rejects.toMatchObject({ code: 'CLOSED' })
    await closing
  })
})
