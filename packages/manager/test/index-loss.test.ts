import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

async function fill(dir: DataDir, manager: WorkstreamManager): Promise<void> {
  const titles = ['Rust questions', 'Garden', 'Tax return']
  for (const [n, title] of titles.entries()) {
    const { id } = await manager.createWorkstream({ id: `w${n}`, title, tags: ['work', `tag-${n}`], metadata: { n } })
    dir.clock.advance(1_000)
    const contents = Array.from({ length: 40 }, (_, i) => `message ${i} of ${title}`)
    await Promise.all(contents.map((content) => manager.sendMessage({ workstream: id, content })))
    await manager.endSession(id)
    await manager.sendMessage({ workstream: id, content: 'in a second session', role: 'assistant' })
  }
  await manager.pauseWorkstream('w1')
  await manager.archiveWorkstream('w2')
  await manager.sendMessage({ content: 'to scratch' })
}

/** A data dir with some history, and what was seen of it; nobody has it open. */
async function filled(): Promise<{ dir: DataDir; seen: unknown; dump: string[] }> {
  const dir = testDir()
  const manager = await dir.open()
  await fill(dir, manager)
  const seen = await everythingSeen(manager)
  const dump = await dumpOf(manager)
  await manager.close()
  return { dir, seen, dump }
}

const removeJournals = ({ indexPath }: DataDir) => {
  for (const suffix of ['-wal', '-shm']) rmSync(indexPath + suffix, { force: true })
}

const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7919 + (i >> 3)) & 0xff))

const losses: [string, (dir: DataDir) => void][] = [
  ['was deleted', ({ indexPath }) => rmSync(indexPath)],
  [
    'was deleted with its journal',
    (dir) => {
      rmSync(dir.indexPath)
      removeJournals(dir)
    },
  ],
  ['was cut to half', ({ indexPath }) => truncateSync(indexPath, Math.floor(statSync(indexPath).size / 8192) * 4096)],
  ['was cut to nothing', ({ indexPath }) => truncateSync(indexPath, 0)],
  ['was cut in the middle of a page', ({ indexPath }) => truncateSync(indexPath, statSync(indexPath).size - 1000)],
  ['is noise', ({ indexPath }) => writeFileSync(indexPath, noise(statSync(indexPath).size))],
  ['is a text', ({ indexPath }) => writeFileSync(indexPath, 'not a database\n')],
]

describe('an index that is lost while nobody has it open', () => {
  it.each(losses)('is built anew at the next call when it %s', async (_name, lose) => {
    const { dir, seen, dump } = await filled()
    lose(dir)
    const manager = await dir.open()
    expect(await everythingSeen(manager)).toEqual(seen)
    expect(await dumpOf(manager)).toEqual(dump)
    await expectLevelWithLogs(manager)
  })

  it('gives the same answers whichever of its pages holds noise', async () => {
    const { dir, seen, dump } = await filled()
    const good = readFileSync(dir.indexPath)
    for (let page = 0; page < good.byteLength / 4096; page++) {
      const bad = Buffer.from(good)
      bad.set(noise(4096), page * 4096)
      // In place, so that it is still the same file.
      writeFileSync(dir.indexPath, bad)
      removeJournals(dir)
      const manager = await dir.open()
      expect(await everythingSeen(manager), `page ${page}`).toEqual(seen)
      expect(await dumpOf(manager), `page ${page}`).toEqual(dump)
      await manager.close()
    }
  })

  it.each([
    ['renamed into its place', (from: string, to: string) => renameSync(from, to)],
    ['copied over it', (from: string, to: string) => copyFileSync(from, to)],
  ])("catches up when yesterday's copy was %s", async (_name, put) => {
    const dir = testDir()
    const first = await dir.open()
    await fill(dir, first)
    await first.close()
    const copy = `${dir.root}/yesterday.db`
    copyFileSync(dir.indexPath, copy)
    const second = await dir.open()
    await second.sendMessage({ workstream: 'w0', content: 'today' })
    await second.createWorkstream({ id: 'today' })
    const [seen, dump] = [await everythingSeen(second), await dumpOf(second)]
    await second.close()
    put(copy, dir.indexPath)
    const third = await dir.open()
    expect(await everythingSeen(third)).toEqual(seen)
    expect(await dumpOf(third)).toEqual(dump)
    await expectLevelWithLogs(third)
  })

  it('takes messages at once', async () => {
    const { dir } = await filled()
    rmSync(dir.indexPath)
    const manager = await dir.open()
    const { sequence } = await manager.sendMessage({ workstream: 'w0', content: 'first call' })
    expect(sequence).toBe(42)
    await expectLevelWithLogs(manager)
  })

  it('ignores the journal of another index', async () => {
    const { dir, seen, dump } = await filled()
    writeFileSync(`${dir.indexPath}-wal`, noise(40_000))
    const manager = await dir.open()
    expect(await everythingSeen(manager)).toEqual(seen)
    expect(await dumpOf(manager)).toEqual(dump)
  })
})

const running: [string, (dir: DataDir) => void][] = [
  ['is deleted', ({ indexPath }) => rmSync(indexPath)],
  [
    'is deleted with its journal',
    (dir) => {
      rmSync(dir.indexPath)
      removeJournals(dir)
    },
  ],
  ['is moved away', ({ indexPath }) => renameSync(indexPath, `${indexPath}.away`)],
  [
    'is moved away with its journal',
    ({ indexPath }) => {
      for (const suffix of ['', '-wal', '-shm'])
        if (existsSync(indexPath + suffix)) renameSync(indexPath + suffix, `${indexPath}.away${suffix}`)
    },
  ],
  [
    'has another file renamed into its place',
    ({ indexPath }) => {
      writeFileSync(`${indexPath}.new`, 'no database')
      renameSync(`${indexPath}.new`, indexPath)
    },
  ],
  [
    'has an older copy renamed into its place',
    ({ indexPath }) => {
      copyFileSync(indexPath, `${indexPath}.new`)
      renameSync(`${indexPath}.new`, indexPath)
    },
  ],
]

describe('an index that is lost while two handles have it open', () => {
  it.each(running)('is healed by the next read of either when it %s', async (_name, lose) => {
    const { dir } = await filled()
    const [one, other] = [await dir.open(), await dir.open()]
    await one.sendMessage({ workstream: 'w0', content: 'one' })
    await other.sendMessage({ workstream: 'w1', content: 'other' })
    const [seen, dump] = [await everythingSeen(one), await dumpOf(one)]
    lose(dir)
    expect(await everythingSeen(one)).toEqual(seen)
    expect(await everythingSeen(other)).toEqual(seen)
    expect(await dumpOf(one)).toEqual(dump)
    expect(await dumpOf(other)).toEqual(dump)
    await expectLevelWithLogs(other)
    expect(await everythingSeen(one)).toEqual(seen)
  })

  it.each(running)('is healed by the next write of either when it %s', async (_name, lose) => {
    const { dir } = await filled()
    const [one, other] = [await dir.open(), await dir.open()]
    await one.sendMessage({ workstream: 'w0', content: 'one' })
    await other.sendMessage({ workstream: 'w1', content: 'other' })
    lose(dir)
    const sent = await one.sendMessage({ workstream: 'w0', content: 'after' })
    const second = await other.sendMessage({ workstream: 'w0', content: 'after that' })
    expect(second).toMatchObject({ sequence: sent.sequence + 1, session_id: sent.session_id })
    expect(await everythingSeen(one)).toEqual(await everythingSeen(other))
    expect(await dumpOf(one)).toEqual(await dumpOf(other))
    await expectLevelWithLogs(one)
  })

  it('loses no message when it is deleted again and again under load', async () => {
    const { dir } = await filled()
    const handles = [await dir.open(), await dir.open()]
    const sent: string[] = []
    for (let round = 0; round < 5; round++) {
      const sends = handles.flatMap((handle, h) =>
        [0, 1, 2, 3].map((n) => handle.sendMessage({ workstream: 'w0', content: `${round} ${h} ${n}` })),
      )
      rmSync(dir.indexPath, { force: true })
      for (const { content } of await Promise.all(sends)) sent.push(content)
    }
    for (const handle of handles) {
      const { items } = await handle.listMessages('w0', { limit: 1_000 })
      expect(
        items
          .slice(41)
          .map(({ content }) => content)
          .sort(),
      ).toEqual([...sent].sort())
    }
    expect(await dumpOf(handles[0] as WorkstreamManager)).toEqual(await dumpOf(handles[1] as WorkstreamManager))
    await expectLevelWithLogs(handles[0] as WorkstreamManager)
  })

  it('lets a reader of its rows go on, or fail with a typed error, when it is lost meanwhile', async () => {
    const { dir } = await filled()
    const manager = await dir.open()
    const rows = manager.dumpIndex()[Symbol.asyncIterator]()
    await rows.next()
    rmSync(dir.indexPath)
    expect(await manager.getWorkstream('w0')).toMatchObject({ message_count: 41 })
    await manager.sendMessage({ workstream: 'w0', content: 'after' })
    let failure: unknown
    try {
      while ((await rows.next()).done !== true);
    } catch (error) {
      failure = error
    }
    if (failure !== undefined) expect(failure).toMatchObject({ code: 'INDEX_UNUSABLE' })
    await expectLevelWithLogs(manager)
  })

  it('lets a reader of its rows stop halfway and never come back', async () => {
    const { dir } = await filled()
    const manager = await dir.open()
    const rows = manager.dumpIndex()[Symbol.asyncIterator]()
    await rows.next()
    await manager.rebuildIndex()
    expect(await manager.sendMessage({ workstream: 'w0', content: 'after' })).toMatchObject({ sequence: 42 })
    await manager.close()
  })

  it('leaves no building files behind', async () => {
    const { dir } = await filled()
    rmSync(dir.indexPath)
    const manager = await dir.open()
    await manager.verify()
    await manager.rebuildIndex()
    expect(readdirSync(dir.root).filter((name) => name.includes('building'))).toEqual([])
  })
})
