import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { appendEntry, appendTo, failureOf, textsOf } from '@arawn/testkit/log-store-steps'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLockFile, type LockFile } from '../src/lock/lock-file.js'
import { createWriteLock, type WriteLock } from '../src/lock/write-lock.js'
import { testDir } from './open-store.js'

/** A folder, and lock files in it as several processes would open them. */
function lockFolder() {
  const root = makeTempDir()
  const opened: LockFile[] = []
  onTestFinished(() => {
    for (const lock of opened) lock.close()
    root.dispose()
  })
  const open = (name: string): LockFile => {
    const lock = createLockFile(path.join(root.path, name))
    opened.push(lock)
    return lock
  }
  const openWriteLock = (): WriteLock => createWriteLock(root.path, open('.lock'), open('.lock-queue'))
  return { path: root.path, open, openWriteLock }
}

const caller = Symbol('test')

describe('a lock file', () => {
  it('is held by one at a time', () => {
    const folder = lockFolder()
    const [one, two] = [folder.open('lock'), folder.open('lock')]
    expect([one.tryTake(), two.tryTake()]).toEqual([true, false])
    one.giveBack()
    expect([two.tryTake(), one.tryTake()]).toEqual([true, false])
    two.close()
    expect(one.tryTake()).toBe(true)
  })

  it('is not written to', () => {
    const folder = lockFolder()
    const lock = folder.open('lock')
    lock.tryTake()
    lock.giveBack()
    const before = statSync(path.join(folder.path, 'lock'), { bigint: true })
    for (let n = 0; n < 10; n += 1) {
      lock.tryTake()
      lock.giveBack()
    }
    expect(statSync(path.join(folder.path, 'lock'), { bigint: true }).mtimeNs).toBe(before.mtimeNs)
  })

  it('is opened anew after it was deleted or replaced', () => {
    const folder = lockFolder()
    const [one, two] = [folder.open('lock'), folder.open('lock')]
    expect(one.tryTake()).toBe(true)
    one.giveBack()
    rmSync(path.join(folder.path, 'lock'))
    expect(two.tryTake()).toBe(true)
    expect(one.tryTake()).toBe(false)
    two.giveBack()
    expect(one.tryTake()).toBe(true)
  })

  it('knows that it was deleted while held', () => {
    const folder = lockFolder()
    const lock = folder.open('lock')
    expect(lock.isCurrent()).toBe(false)
    lock.tryTake()
    expect(lock.isCurrent()).toBe(true)
    rmSync(path.join(folder.path, 'lock'))
    expect(lock.isCurrent()).toBe(false)
  })

  it.each([
    ['noise', Buffer.alloc(8192, 'no database ')],
    ['text', Buffer.from('hello')],
    ['half a header', Buffer.from('SQLite format 3\0')],
    ['nothing', Buffer.alloc(0)],
  ])('is put right when it holds %s', (_, bytes) => {
    const folder = lockFolder()
    writeFileSync(path.join(folder.path, 'lock'), bytes)
    const [one, two] = [folder.open('lock'), folder.open('lock')]
    expect([one.tryTake(), two.tryTake()]).toEqual([true, false])
  })
})

describe('the write lock between processes', () => {
  it('goes to whoever stands in the turnstile, not to whoever comes back at once', async () => {
    const folder = lockFolder()
    const [busy, other] = [folder.openWriteLock(), folder.openWriteLock()]
    let held = await busy.acquire(1000, caller)
    let otherHas = false
    const waiting = other.acquire(5000, caller).then((lock) => {
      otherHas = true
      return lock
    })
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve))
    held.release()
    const again = busy.acquire(5000, caller)
    const first = await Promise.race([waiting, again])
    expect(otherHas).toBe(true)
    first.release()
    held = await again
    held.release()
  })

  it('leaves the turnstile to others when it gives up', async () => {
    const folder = lockFolder()
    const [one, two, three] = [folder.openWriteLock(), folder.openWriteLock(), folder.openWriteLock()]
    const held = await one.acquire(1000, caller)
    expect(await failureOf(two.acquire(20, caller))).toMatchObject({ code: 'LOCK_TIMEOUT' })
    const waiting = three.acquire(5000, caller)
    held.release()
    const next = await waiting
    next.release()
  })

  it('asks its holder to yield when another process waits', async () => {
    const folder = lockFolder()
    const [one, two] = [folder.openWriteLock(), folder.openWriteLock()]
    const since = performance.now()
    const held = await one.acquire(1000, caller)
    const waiting = two.acquire(5000, caller)
    const early = held.shouldYield()
    // On a busy machine its share may be over by now.
    if (performance.now() - since < 10) expect(early).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 12))
    expect(held.shouldYield()).toBe(true)
    held.release()
    const next = await waiting
    next.release()
  })

  it('waits without blocking the event loop', async () => {
    const folder = lockFolder()
    const [one, two] = [folder.openWriteLock(), folder.openWriteLock()]
    const held = await one.acquire(1000, caller)
    const waiting = two.acquire(5000, caller)
    const since = performance.now()
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(performance.now() - since).toBeLessThan(2_500)
    held.release()
    const next = await waiting
    next.release()
  })
})

describe('a store whose lock files are damaged', () => {
  it('goes on after they were deleted', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'one'))
    for (const name of ['.lock', '.lock-queue']) rmSync(path.join(dir.workstreamsDir, name))
    await appendTo(store, appendEntry('a', 'messages', 'two'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'two'])
  })

  it('goes on after they were overwritten', async () => {
    const dir = testDir()
    const store = await dir.open()
    await appendTo(store, appendEntry('a', 'messages', 'one'))
    for (const name of ['.lock', '.lock-queue']) writeFileSync(path.join(dir.workstreamsDir, name), 'x'.repeat(10_000))
    await appendTo(store, appendEntry('a', 'messages', 'two'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one', 'two'])
  })

  it('says so when something else lies in their place, and reads all the same', async () => {
    const dir = testDir()
    dir.writeByHand('a', 'messages', 'one\n')
    mkdirSync(path.join(dir.workstreamsDir, '.lock'))
    const store = await dir.open()
    expect(await failureOf(store.lock(100))).toMatchObject({ code: 'DATA_DIR_UNUSABLE', details: { errno: 'EISDIR' } })
    expect(await textsOf(store, 'a', 'messages')).toEqual(['one'])
  })
})
