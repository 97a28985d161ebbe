import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import { startBackgroundDuties } from '@arawn/manager/background-duties'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-manager.js'
import { found, searchKnows } from './search-steps.js'

describe('search follows behind the messages', () => {
  it('and says so until it is level', async () => {
    const dir = testDir()
    const manager = await dir.open()
    for (let n = 0; n < 30; n++) await manager.sendMessage({ content: `apple ${n}` })
    const early = await manager.searchMessages({ query: 'apple', withinMs: 0 })
    expect(early).toMatchObject({ items: [], complete: false })
    const seen: number[] = []
    const { complete } = await manager.levelSearch({ onProgress: ({ messagesDone }) => seen.push(messagesDone) })
    expect(complete).toBe(true)
    expect(seen.at(-1)).toBe(30)
    expect(await manager.searchMessages({ query: 'apple', withinMs: 0, limit: 50 })).toMatchObject({ complete: true })
    expect(await found(manager, 'apple')).toHaveLength(30)
  })

  it('also after the index was lost', async () => {
    const dir = testDir()
    const manager = await dir.open()
    for (let n = 0; n < 30; n++) await manager.sendMessage({ content: `apple ${n}` })
    await manager.levelSearch()
    rmSync(dir.indexPath)
    const { items } = await manager.listMessages('scratch')
    expect(items).toHaveLength(30)
    expect(await manager.searchMessages({ query: 'apple', withinMs: 0 })).toMatchObject({ items: [], complete: false })
    expect(await found(manager, 'apple')).toHaveLength(30)
  })

  it('in the background of a process that runs for long', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const duties = startBackgroundDuties(manager, { levelSearchEveryMs: 1 })
    await manager.sendMessage({ content: 'apple' })
    await expect
      .poll(async () => (await manager.searchMessages({ query: 'apple', withinMs: 0 })).items.length, {
        timeout: 10_000,
      })
      .toBe(1)
    await duties.stop()
  })

  it('never in the way of messages: several handles write, search and level at once', async () => {
    const dir = testDir()
    const handles = [await dir.open(), await dir.open()]
    const work = handles.flatMap((handle, index) =>
      Array.from({ length: 25 }, async (_, n) => {
        await handle.sendMessage({ content: `apple ${index} ${n}` })
        const { items } = await handle.searchMessages({ query: `"apple ${index} ${n}"`, withinMs: 20_000 })
        expect(items).toHaveLength(1)
      }),
    )
    await Promise.all(work)
    for (const handle of handles) expect(await found(handle, 'apple')).toHaveLength(50)
    expect(await handles[0]?.verify()).toMatchObject({ ok: true, search: { messagesDone: 50, messagesTotal: 50 } })
  })

  it('is made anew for another version of the analyzer, and back', async () => {
    const dir = testDir()
    const usual = await dir.open()
    await usual.sendMessage({ content: 'apple pie' })
    expect(await found(usual, 'apple')).toEqual(['scratch:1'])
    const analyzer = createTextAnalyzer()
    const shouting = {
      ...analyzer,
      version: analyzer.version + 1,
      tokensOf: (text: string) => analyzer.tokensOf(text.replaceAll('apple', 'pear')),
    }
    const other = await dir.open({ analyzer: shouting })
    expect(await other.searchMessages({ query: 'apple', withinMs: 0 })).toMatchObject({ items: [], complete: false })
    expect(await found(other, 'pear')).toEqual(['scratch:1'])
    expect(await found(other, 'apple')).toEqual([])
    expect(await found(usual, 'apple')).toEqual(['scratch:1'])
    expect(await found(usual, 'pear')).toEqual([])
    expect((await usual.verify()).ok).toBe(true)
  })

  it('finds what was written by hand, and no longer what was taken out', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'apple' })
    expect(await found(manager, 'apple')).toEqual(['a:1'])
    appendFileSync(
      dir.log('a', 'messages'),
      '{"role":"user","content":"pear","timestamp":"2026-01-15T10:00:00.000Z"}\n',
    )
    expect(await found(manager, 'pear', { workstream: 'a' })).toEqual(['a:2'])
    writeFileSync(dir.log('a', 'messages'), '{"role":"user","content":"plum","timestamp":"2026-01-15T10:00:00.000Z"}\n')
    expect(await found(manager, 'plum', { workstream: 'a' })).toEqual(['a:1'])
    for (const gone of ['apple', 'pear']) expect(await found(manager, gone)).toEqual([])
    expect((await manager.verify()).ok).toBe(true)
  })

  it('is the same when an index is built anew, which takes larger steps', async () => {
    const dir = testDir()
    const manager = await dir.open()
    const line = (content: string) =>
      `${JSON.stringify({ role: 'user', content, timestamp: '2026-01-15T10:00:00.000Z' })}\n`
    for (const [id, messages] of [
      ['long', 3_000],
      ['one', 1],
      ['some', 350],
      ['wide', 3],
    ] as const) {
      await manager.createWorkstream({ id })
      const words = Array.from(
        { length: messages },
        (_, n) => `apple${n % 7} pear${n}${id === 'wide' ? ' x'.repeat(200_000) : ''}`,
      )
      appendFileSync(dir.log(id, 'messages'), words.map(line).join(''))
      // Now they are the workstream's.
      await manager.listMessages(id)
    }
    const queries = ['pear0', 'pear299', 'pear300', 'pear2399', 'pear2400', 'pear2999', 'apple3 pear2']
    expect(await manager.levelSearch({ withinMs: 60_000 })).toMatchObject({ complete: true })
    const live = await searchKnows(manager, queries)
    await manager.rebuildIndex()
    expect(await searchKnows(manager, queries)).toEqual(live)
    expect(await found(manager, 'pear2999')).toEqual(['long:3000'])
    expect(await manager.verify()).toMatchObject({ ok: true, search: { messagesDone: 3_354, messagesTotal: 3_354 } })
  })

  it('shows what can be read when one workstream cannot', async () => {
    const dir = testDir()
    const manager = await dir.open()
    for (const id of ['a', 'b']) {
      await manager.createWorkstream({ id })
      await manager.sendMessage({ workstream: id, content: 'apple' })
    }
    expect(await found(manager, 'apple')).toHaveLength(2)
    rmSync(dir.log('a', 'messages'))
    const { items } = await manager.searchMessages({ query: 'apple' })
    expect(items.map(({ workstream_id }) => workstream_id)).toEqual(['b'])
    expect(await found(manager, 'apple')).toEqual(['b:1'])
  })
})
