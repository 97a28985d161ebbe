import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { appendEntry, appendTo, failureOf, locked, rawLinesOf, textsOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { testDir } from './open-store.js'

describe('files that change under an open store', () => {
  it('are gone when their folder was moved away, and begin anew', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'old'))
    const moved = path.join(dir.workstreamsDir, '..', 'moved')
    renameSync(path.join(dir.workstreamsDir, 'a'), moved)
    expect(await store.measure('a')).toBeUndefined()
    expect(await locked(store, (writer) => writer.prepare('a'))).toBeUndefined()
    await appendTo(store, appendEntry('a', 'messages', 'new'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['new'])

    rmSync(path.join(dir.workstreamsDir, 'a'), { recursive: true })
    renameSync(moved, path.join(dir.workstreamsDir, 'a'))
    await appendTo(store, appendEntry('a', 'messages', 'newer'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['old', 'newer'])
  })

  it('are read and written at their path, not through a descriptor of what was there', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'aaaa'))
    const before = await store.measure('a')
    const log = dir.log('a', 'messages')
    writeFileSync(`${log}.restored`, 'bbbb\n')
    renameSync(`${log}.restored`, log)
    expect((await store.measure('a'))?.messages).not.toEqual(before?.messages)
    expect(await textsOf(store, 'a', 'messages')).toEqual(['bbbb'])
    expect(Buffer.from(await store.readRange('a', 'messages', 0, 4)).toString()).toBe('bbbb')
    await appendTo(store, appendEntry('a', 'messages', 'cccc'))
    expect(dir.readByHand('a', 'messages')).toBe('bbbb\ncccc\n')
  })

  it('are read to their end by whoever began with them', async () => {
    const dir = testDir()
    const store = await dir.open()
    const lines = Array.from({ length: 4 }, (_, n) => String(n).repeat(1024 * 1024))
    await appendTo(store, appendEntry('a', 'messages', ...lines))
    const seen: string[] = []
    for await (const batch of store.read('a', 'messages', 0)) {
      for (const { bytes } of batch) seen.push(String.fromCharCode(bytes[0] ?? 0))
      rmSync(dir.log('a', 'messages'), { force: true })
      await locked(store, (writer) => writer.prepare('a'))
    }
    expect(seen).toEqual(['0', '1', '2', '3'])
    expect(await textsOf(store, 'a', 'messages')).toEqual([])
    expect(await failureOf(rawLinesOf(store, 'a', 'messages', 0, 100))).toMatchObject({
      code: 'LOG_READ_FAILED',
      details: { errno: 'ENOENT' },
    })
  })

  it('are caught up when somebody adds whole lines by hand', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'one'))
    dir.writeByHand('a', 'messages', 'by hand\n')
    expect((await locked(store, (writer) => writer.prepare('a')))?.messages.bytes).toBe(12)
    await appendTo(store, appendEntry('a', 'messages', 'two'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'by hand', 'two'])
  })

  it('may be shorter than before', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'one', 'two'))
    writeFileSync(dir.log('a', 'messages'), 'one\ntw')
    await appendTo(store, appendEntry('a', 'messages', 'three'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'three'])
  })
})

describe('things that are no logs', () => {
  it('are refused where a log should be', async () => {
    const dir = testDir()
    const store = await dir.open()
    mkdirSync(dir.log('a', 'messages'), { recursive: true })
    const expected = { code: 'LOG_READ_FAILED', details: { workstreamId: 'a', log: 'messages', errno: 'EISDIR' } }
    expect(await failureOf(store.measure('a'))).toMatchObject(expected)
    expect(await failureOf(textsOf(store, 'a', 'messages'))).toMatchObject(expected)
    expect(await failureOf(locked(store, (writer) => writer.prepare('a')))).toMatchObject(expected)
    expect(await failureOf(appendTo(store, appendEntry('a', 'messages', 'x')))).toMatchObject(expected)
    expect(await store.listWorkstreams()).toEqual([])
  })

  it('are refused when they are links that lead elsewhere', async () => {
    const dir = testDir()
    const store = await dir.open()
    const outside = path.join(dir.workstreamsDir, '..', 'outside')
    mkdirSync(outside)
    writeFileSync(path.join(outside, 'messages.jsonl'), 'secret\n')
    symlinkSync(outside, path.join(dir.workstreamsDir, 'folder'))
    mkdirSync(path.join(dir.workstreamsDir, 'file'))
    symlinkSync(path.join(outside, 'messages.jsonl'), dir.log('file', 'messages'))
    mkdirSync(path.join(dir.workstreamsDir, 'dangling'))
    symlinkSync(path.join(outside, 'not-there'), dir.log('dangling', 'messages'))

    for (const id of ['folder', 'file', 'dangling']) {
      for (const attempt of [
        () => store.measure(id),
        () => textsOf(store, id, 'messages'),
        () => store.readRange(id, 'messages', 0, 5),
        () => store.verify(id),
        () => locked(store, (writer) => writer.prepare(id)),
        () => appendTo(store, appendEntry(id, 'messages', 'x')),
      ]) {
        expect(await failureOf(attempt())).toMatchObject({ code: 'LOG_READ_FAILED', details: { errno: 'ELOOP' } })
      }
    }
    expect(await store.listWorkstreams()).toEqual([])
    expect(await store.measureAll()).toEqual(new Map())
    expect(nodeFileSystem.readDirectory(outside)).toEqual(['messages.jsonl'])
  })

  it('are left out of the list', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('real', 'messages', 'x'))
    mkdirSync(path.join(dir.workstreamsDir, 'empty'))
    mkdirSync(path.join(dir.workstreamsDir, 'Not.An.Id'))
    cpSync(dir.log('real', 'messages'), path.join(dir.workstreamsDir, 'Not.An.Id', 'messages.jsonl'))
    writeFileSync(path.join(dir.workstreamsDir, 'file'), 'x')
    expect(await store.listWorkstreams()).toEqual(['real'])
    expect([...(await store.measureAll()).keys()]).toEqual(['real'])
  })

  it('are no reason to overlook a workstream that is listed all the same', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'workstream', 'x'))
    mkdirSync(dir.log('a', 'messages'))
    expect(await store.listWorkstreams()).toEqual(['a'])
    expect([...(await store.measureAll())]).toEqual([['a', undefined]])
  })
})

describe('opening', () => {
  it('fails when the folder cannot be made', async () => {
    const dir = testDir()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    fileSystem.inject({ operation: 'makeDirectory', errno: 'EROFS' })
    expect(await failureOf(dir.open(fileSystem))).toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      details: { errno: 'EROFS' },
    })
    writeFileSync(dir.workstreamsDir, 'a file')
    expect(await failureOf(dir.open())).toMatchObject({ code: 'DATA_DIR_UNUSABLE', details: { errno: 'ENOTDIR' } })
  })

  it('reads where nothing can be written', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'messages', 'one\n')
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    fileSystem.inject({ operation: 'makeDirectory', errno: 'EROFS', times: 99 })
    fileSystem.inject({ operation: 'syncDirectory', errno: 'EROFS', times: 99 })
    const store = await dir.open(fileSystem)
    expect(await store.listWorkstreams()).toEqual(['a'])
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one'])
    expect(await store.verify('a')).toHaveLength(1)
    expect(await store.listQuarantine()).toEqual([])
  })

  it('says so when the folder went away', async () => {
    const dir = testDir()
    const store = await dir.open()
    rmSync(dir.workstreamsDir, { recursive: true })
    expect(await failureOf(store.listWorkstreams())).toMatchObject({ code: 'DATA_DIR_UNUSABLE' })
    expect(await failureOf(store.lock(100))).toMatchObject({ code: 'DATA_DIR_UNUSABLE', details: { errno: 'ENOENT' } })
  })

  it('reports a disk that cannot be read', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'messages', 'one\n')
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const store = await dir.open(fileSystem)
    const expected = { code: 'LOG_READ_FAILED', details: { workstreamId: 'a', log: 'messages', errno: 'EIO' } }
    for (const attempt of [
      () => textsOf(store, 'a', 'messages'),
      () => store.readRange('a', 'messages', 0, 1),
      () => store.verify('a'),
      () => locked(store, (writer) => writer.prepare('a')),
    ]) {
      fileSystem.inject({ operation: 'read', errno: 'EIO' })
      expect(await failureOf(attempt())).toMatchObject(expected)
    }
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one'])
  })
})
