import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { dumpOf, headsAt, type IndexDir, indexDir, indexedLine } from './open-index.js'

const timestamp = '2026-01-15T10:00:00.000Z'
const message = (sequence: number) =>
  indexedLine('messages', sequence, sequence, {
    v: 1,
    stamp: sequence,
    timestamp,
    id: `m${sequence}`,
    session_id: 's',
    role: 'user',
    content: 'x',
  })

async function addMessage(index: WorkstreamIndex, sequence: number): Promise<void> {
  const transaction = await index.begin()
  await transaction.apply('a', [message(sequence)])
  await transaction.setHeads('a', headsAt({ workstream: 0, sessions: 0, messages: sequence }))
  await transaction.commit()
}

async function filled(): Promise<{ dir: IndexDir; index: WorkstreamIndex }> {
  const dir = indexDir()
  const index = await dir.openEmpty()
  await addMessage(index, 1)
  return { dir, index }
}

async function replaceWithEmpty(index: WorkstreamIndex): Promise<void> {
  await (await index.startReplacement()).install()
}

/** So that all of it stands in the one file. */
function emptyJournal({ path }: IndexDir): void {
  const client = openDatabase(path)
  client.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  client.close()
}

describe('the condition of an index', () => {
  it('is absent before there is one, and questions say that it cannot be used', async () => {
    const index = await indexDir().open()
    expect(index.condition()).toBe('absent')
    expect(() => index.workstream('a')).toThrow(expect.objectContaining({ code: 'INDEX_UNUSABLE' }))
    await expect(index.begin()).rejects.toMatchObject({ code: 'INDEX_UNUSABLE' })
  })

  it('is current once one was built, and for others who open it', async () => {
    const { dir, index } = await filled()
    expect(index.condition()).toBe('current')
    const other = await dir.open()
    expect(other.condition()).toBe('current')
    expect(await dumpOf(other)).toEqual(await dumpOf(index))
  })

  it('is absent as soon as the file is unlinked', async () => {
    const { dir, index } = await filled()
    rmSync(dir.path)
    expect(index.condition()).toBe('absent')
    expect(await index.reopen()).toBe('absent')
  })

  it('is replaced as soon as another index was built in its place, and current after it was opened again', async () => {
    const { dir, index } = await filled()
    const other = await dir.open()
    await replaceWithEmpty(index)
    expect(index.condition()).toBe('current')
    expect(other.condition()).toBe('replaced')
    expect(await other.reopen()).toBe('current')
    expect(await dumpOf(other)).toEqual([])
    await addMessage(other, 1)
    expect(await index.heads('a')).toMatchObject({ messages: { lines: 1 } })
  })

  it.each<[string, (dir: IndexDir) => void]>([
    [
      'a copy is put in its place',
      ({ path }) => {
        copyFileSync(path, `${path}.copy`)
        renameSync(`${path}.copy`, path)
      },
    ],
    ['it is no database', ({ path }) => writeFileSync(path, 'hello')],
    ['it is empty', ({ path }) => truncateSync(path, 0)],
    ['it was cut', ({ path }) => truncateSync(path, 8192)],
    [
      'it has another schema',
      ({ path }) => {
        const client = openDatabase(path)
        client.exec("UPDATE __drizzle_migrations SET hash = 'other'")
        client.close()
      },
    ],
    [
      'it lost rows',
      ({ path }) => {
        const client = openDatabase(path)
        client.exec('DELETE FROM messages')
        client.close()
      },
    ],
    [
      'it is the database of something else',
      ({ path }) => {
        rmSync(path)
        const client = openDatabase(path)
        client.exec('CREATE TABLE t (x)')
        client.close()
      },
    ],
  ])('is unusable when %s, and current again when a new one was built', async (_name, spoil) => {
    const { dir, index } = await filled()
    await index.close()
    emptyJournal(dir)
    spoil(dir)
    const again = await dir.open()
    expect(again.condition()).toBe('unusable')
    await replaceWithEmpty(again)
    expect(again.condition()).toBe('current')
    expect(await dumpOf(again)).toEqual([])
    expect(await again.verify()).toEqual([])
  })

  it('survives many replacements by two handles', async () => {
    const { dir, index } = await filled()
    const other = await dir.open()
    for (let round = 1; round <= 10; round++) {
      const [one, two] = round % 2 === 0 ? [index, other] : [other, index]
      if (one.condition() === 'replaced') await one.reopen()
      await replaceWithEmpty(one)
      await addMessage(one, 1)
      expect(two.condition()).toBe('replaced')
    }
    expect(readdirSync(dirname(dir.path)).filter((name) => name.includes('building'))).toEqual([])
  })

  it('is asked no more once the index is closed', async () => {
    const { index } = await filled()
    await index.close()
    await index.close()
    expect(() => index.condition()).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

describe('a replacement', () => {
  it('is seen by nobody until it is installed', async () => {
    const { dir, index } = await filled()
    const before = await dumpOf(index)
    const replacement = await index.startReplacement()
    await replacement.transaction.apply('b', [message(1)])
    expect(await dumpOf(index)).toEqual(before)
    expect(index.condition()).toBe('current')
    await replacement.discard()
    expect(await dumpOf(index)).toEqual(before)
    expect(readdirSync(dirname(dir.path)).filter((name) => name.includes('building'))).toEqual([])
  })

  it('can be discarded while its rows are being read', async () => {
    const { dir, index } = await filled()
    const replacement = await index.startReplacement()
    await replacement.transaction.apply('b', [message(1)])
    const rows = replacement.transaction.dump()[Symbol.asyncIterator]()
    await rows.next()
    await replacement.discard()
    expect(existsSync(dir.path)).toBe(true)
    expect(readdirSync(dirname(dir.path)).filter((name) => name.includes('building'))).toEqual([])
  })

  it('can be installed while the rows of the old one are being read', async () => {
    const { index } = await filled()
    const rows = index.dump()[Symbol.asyncIterator]()
    await rows.next()
    await replaceWithEmpty(index)
    expect(index.condition()).toBe('current')
    expect(await dumpOf(index)).toEqual([])
  })
})

describe('a transaction', () => {
  it('shows what was applied to itself only, until it is committed', async () => {
    const { index } = await filled()
    const before = await dumpOf(index)
    const transaction = await index.begin()
    await transaction.apply('a', [message(2)])
    expect((await transaction.messages({ workstreamId: 'a', limit: 9 })).items).toHaveLength(2)
    expect(await dumpOf(index)).toEqual(before)
    await transaction.rollback()
    expect(await dumpOf(index)).toEqual(before)
  })

  it('has another version after somebody else committed, and only then', async () => {
    const { dir, index } = await filled()
    const other = await dir.open()
    const versionOf = async (which: WorkstreamIndex) => {
      const transaction = await which.begin()
      const version = await transaction.version()
      await transaction.rollback()
      return version
    }
    const before = await versionOf(index)
    await addMessage(index, 2)
    expect(await versionOf(index)).toBe(before)
    await addMessage(other, 3)
    const after = await versionOf(index)
    expect(after).not.toBe(before)
    await replaceWithEmpty(index)
    expect([before, after]).not.toContain(await versionOf(index))
  })
})
