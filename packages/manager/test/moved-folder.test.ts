import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { expectSound, withHistory } from './foreign-lines.js'
import { contentsOf, dumpOf, everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'

describe('a workstream folder that is moved about while it is open', () => {
  it('is as it was when it is copied away and back', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    const seen = await everythingSeen(other)
    cpSync(dir.folder('a'), `${dir.root}/backup`, { recursive: true })
    rmSync(dir.folder('a'), { recursive: true })
    await expect(manager.getWorkstream('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    cpSync(`${dir.root}/backup`, dir.folder('a'), { recursive: true })
    expect(await everythingSeen(manager)).toEqual(seen)
    expect(await everythingSeen(other)).toEqual(seen)
    expect(await other.sendMessage({ workstream: 'a', content: 'three' })).toMatchObject({ sequence: 3 })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two', 'three'])
    await expectSound(manager)
  })

  it.each([
    ['copied over it', (from: string, to: string) => cpSync(from, to, { recursive: true, force: true })],
    [
      'put in its place',
      (from: string, to: string) => {
        rmSync(to, { recursive: true })
        renameSync(from, to)
      },
    ],
  ])('goes back to an older backup that is %s', async (_name, put) => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    cpSync(dir.folder('a'), `${dir.root}/backup`, { recursive: true })
    await other.endSession('a')
    await other.sendMessage({ workstream: 'a', content: 'lost' })
    await other.updateWorkstream('a', { title: 'Newer' })
    put(`${dir.root}/backup`, dir.folder('a'))
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two'])
    expect(await other.getWorkstream('a')).toMatchObject({ title: 'A', message_count: 2 })
    await manager.sendMessage({ workstream: 'a', content: 'three' })
    expect(await contentsOf(other, 'a')).toEqual(['one', 'two', 'three'])
    await expectSound(manager)
  })

  it.each(['a message to it', 'a list'])('is as it was when it is moved away and back, noticed by %s', async (what) => {
    const dir = testDir()
    const manager = await dir.open()
    for (const id of ['a', 'b']) {
      await manager.createWorkstream({ id })
      await manager.sendMessage({ workstream: id, content: 'before' })
    }
    const away = path.join(dir.root, 'away')
    renameSync(dir.folder('a'), away)
    if (what === 'a list') expect((await manager.listWorkstreams()).items).toMatchObject([{ id: 'b' }])
    else
      await expect(manager.sendMessage({ workstream: 'a', content: 'lost' })).rejects.toMatchObject({
        code: 'WORKSTREAM_NOT_FOUND',
      })
    renameSync(away, dir.folder('a'))
    expect(await manager.sendMessage({ workstream: 'a', content: 'after' })).toMatchObject({ sequence: 2 })
    expect(await contentsOf(manager, 'a')).toEqual(['before', 'after'])
    await expectLevelWithLogs(manager)
  })

  it('is refused when a link to where it went takes its place', async () => {
    const dir = testDir()
    const manager = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'before' })
    const away = path.join(dir.root, 'away')
    renameSync(dir.folder('a'), away)
    symlinkSync(away, dir.folder('a'))
    // Within a moment of a write folders are not looked at again: a message would go to the file where it went.
    await sleep(10)
    await expect(manager.sendMessage({ workstream: 'a', content: 'after' })).rejects.toMatchObject({
      code: 'LOG_READ_FAILED',
    })
  })

  it('has another history when a backup of the same length is put in its place', async () => {
    const { dir, manager } = await withHistory()
    const messages = dir.bytesOf('a', 'messages')
    writeFileSync(`${dir.root}/other`, messages.replace('"one"', '"eno"').replace('"two"', '"owt"'))
    renameSync(`${dir.root}/other`, dir.log('a', 'messages'))
    expect(await contentsOf(manager, 'a')).toEqual(['eno', 'owt'])
    await expectSound(manager)
  })

  it('is there under its new name, and no longer under the old one', async () => {
    const { dir, manager } = await withHistory()
    const other = await dir.open()
    await other.updateWorkstream('a', { title: 'Logbook' })
    renameSync(dir.folder('a'), dir.folder('b'))
    expect(await contentsOf(manager, 'b')).toEqual(['one', 'two'])
    await expect(manager.getWorkstream('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    await expect(other.sendMessage({ workstream: 'a', content: 'x' })).rejects.toMatchObject({
      code: 'WORKSTREAM_NOT_FOUND',
    })
    expect(await other.sendMessage({ workstream: 'b', content: 'three' })).toMatchObject({ sequence: 3 })
    for (const handle of [manager, other, await dir.open()])
      expect((await handle.listWorkstreams()).items.map(({ id }) => id)).toEqual(['b'])
    await expectSound(manager)
  })

  it('is listed no more when its folder is gone', async () => {
    const { dir, manager } = await withHistory()
    await manager.createWorkstream({ id: 'stays' })
    rmSync(dir.folder('a'), { recursive: true })
    await expect(manager.listMessages('a')).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    expect((await manager.listWorkstreams()).items.map(({ id }) => id)).toEqual(['stays'])
    await expectSound(manager)
  })

  it('shows what a log says now when a message was edited in place and kept its length', async () => {
    const { dir, manager } = await withHistory()
    const bytes = readFileSync(dir.log('a', 'messages'), 'utf8')
    writeFileSync(dir.log('a', 'messages'), bytes.replace('"one"', '"eno"'))
    expect(await contentsOf(manager, 'a')).toEqual(['eno', 'two'])
    await expectSound(manager)
  })

  it('reads a log again whose lines were moved in place while it kept its size', async () => {
    const { dir, manager } = await withHistory()
    await manager.sendMessage({ workstream: 'a', content: 'three, which is longer' })
    const lines = readFileSync(dir.log('a', 'messages'), 'utf8').split('\n').slice(0, -1)
    writeFileSync(dir.log('a', 'messages'), `${[...lines].reverse().join('\n')}\n`)
    expect(await contentsOf(manager, 'a')).toEqual(['three, which is longer', 'two', 'one'])
    expect(await dumpOf(manager)).toEqual(await dumpOf(await dir.open()))
    await expectLevelWithLogs(manager)
  })
})
