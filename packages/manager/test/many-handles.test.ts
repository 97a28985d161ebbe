import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'

describe('several handles on one data dir', () => {
  it('verify without a complaint while another one writes', async () => {
    const dir = testDir()
    const [writer, checker] = [await dir.open(), await dir.open()]
    await writer.createWorkstream({ id: 'a' })
    let writing = true
    const writes = (async () => {
      for (let n = 0; writing && n < 2_000; n++) await writer.sendMessage({ workstream: 'a', content: `${n}` })
    })()
    const found: unknown[] = []
    for (let n = 0; n < 5; n++) found.push(...(await checker.verify()).problems)
    writing = false
    await writes
    expect(found).toEqual([])
    await expectLevelWithLogs(writer)
  })

  it('rebuild at the same time and lose nothing that is sent meanwhile', async () => {
    const dir = testDir()
    const handles = [await dir.open(), await dir.open(), await dir.open()]
    const [one, other] = handles
    if (one === undefined || other === undefined) return expect.fail('no handles')
    await one.createWorkstream({ id: 'a' })
    const sends: Promise<unknown>[] = []
    for (let n = 0; n < 30; n++) {
      sends.push(...handles.map((handle, h) => handle.sendMessage({ workstream: 'a', content: `${n} ${h}` })))
      if (n % 10 === 0) sends.push(...handles.map((handle) => handle.rebuildIndex()))
    }
    await Promise.all(sends)
    const expected = Array.from({ length: 90 }, (_, n) => `${n % 30} ${Math.floor(n / 30)}`)
    for (const handle of handles) expect((await contentsOf(handle, 'a')).sort()).toEqual(expected.sort())
    expect(await dumpOf(one)).toEqual(await dumpOf(other))
    await expectLevelWithLogs(one)
  })

  it('see a message the moment it was acknowledged, whoever sent it', async () => {
    const dir = testDir()
    const [one, other] = [await dir.open(), await dir.open()]
    await one.createWorkstream({ id: 'a' })
    for (let n = 0; n < 20; n++) {
      const [sender, reader] = n % 2 === 0 ? [one, other] : [other, one]
      const sent = await sender.sendMessage({ workstream: 'a', content: `${n}` })
      expect((await reader.listMessages('a', { limit: 1 })).items).toEqual([sent])
      expect((await reader.listWorkstreams()).items).toMatchObject([{ message_count: n + 1 }])
    }
  })

  it('build one index when all are opened on a data dir without one', async () => {
    const dir = testDir()
    const first = await dir.open()
    for (const id of ['a', 'b', 'c'])
      await first.sendMessage({ workstream: (await first.createWorkstream({ id })).id, content: id })
    const seen = await everythingSeen(first)
    await first.close()
    rmSync(dir.indexPath)
    const handles = await Promise.all([dir.open(), dir.open(), dir.open(), dir.open()])
    for (const found of await Promise.all(handles.map((handle) => everythingSeen(handle)))) expect(found).toEqual(seen)
    for (const handle of handles) expect((await handle.verify()).problems).toEqual([])
  })

  it('never open two sessions when all send at once after one was ended', async () => {
    const dir = testDir()
    const handles = await Promise.all([dir.open(), dir.open(), dir.open()])
    const [one] = handles
    if (one === undefined) return expect.fail('no handles')
    await one.createWorkstream({ id: 'a' })
    for (let round = 0; round < 10; round++) {
      const sent = await Promise.all(handles.map((handle) => handle.sendMessage({ workstream: 'a', content: 'x' })))
      expect(new Set(sent.map(({ session_id }) => session_id)).size).toBe(1)
      const ends = await Promise.allSettled(handles.map((handle) => handle.endSession('a')))
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
    expect((await one.listSessions('a')).items).toHaveLength(10)
    await expectLevelWithLogs(one)
  })
})
