import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { appendEntry, appendTo, failureOf, locked, restoreTo, textsOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TestDir, testDir } from './open-store.js'
import { foldersIn, lines, whole } from './restore-steps.js'

const program = fileURLToPath(new URL('./processes/writer-process.mjs', import.meta.url))
const built = existsSync(fileURLToPath(new URL('../dist/jsonl-log-store.js', import.meta.url)))

async function start(dir: TestDir, task: string, times = ''): Promise<ChildProcess> {
  mkdirSync(dir.workstreamsDir, { recursive: true })
  const child = fork(program, [task, dir.workstreamsDir, times], { execArgv: [] })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  })
  return child
}

async function said(child: ChildProcess, message: string): Promise<void> {
  const [answer] = await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  expect(answer).toBe(message)
}

// Other processes run what is published; `pnpm build` makes it.
describe.runIf(built)('several processes on one data dir (skipped without a build)', () => {
  it('write one at a time and lose nothing', async () => {
    const dir = testDir()
    mkdirSync(dir.workstreamsDir, { recursive: true })
    writeFileSync(path.join(dir.workstreamsDir, '..', 'counter'), '0')
    const children = await Promise.all([1, 2, 3].map(() => start(dir, 'count', '60')))
    const store = await dir.open()
    const mine = Promise.all(
      Array.from({ length: 20 }, (_, n) => appendTo(store, appendEntry('a', 'messages', `mine ${n}`))),
    )
    await Promise.all(children.map((child) => said(child, 'done')))
    await mine
    expect(readFileSync(path.join(dir.workstreamsDir, '..', 'counter'), 'utf8')).toBe('180')
    const lines = await textsOf(store, 'a', 'messages')
    expect(new Set(lines).size).toBe(200)
    expect(lines).toHaveLength(200)
    expect(await store.listQuarantine()).toEqual([])
  })

  it('wait for a holder, and are freed by its death', async () => {
    const dir = testDir()
    const holder = await start(dir, 'hold')
    await said(holder, 'held')
    const store = await dir.open()
    expect(await failureOf(store.lock(50))).toMatchObject({ code: 'LOCK_TIMEOUT' })
    const waiting = store.lock(10_000)
    holder.kill('SIGKILL')
    const writer = await waiting
    writer.release()
  })

  it.each([0, 1, 10])('leave no workstream when one is killed that has restored %i lines', async (count) => {
    const dir = testDir()
    const restoring = await start(dir, 'restore', `${count}`)
    await said(restoring, 'restoring')
    const store = await dir.open()
    restoring.kill('SIGKILL')
    await appendTo(store, appendEntry('b', 'messages', 'x'))
    expect(await store.listWorkstreams()).toEqual(['b'])
    expect(foldersIn(dir).sort()).toEqual([expect.stringMatching(/^\.restoring-/), 'b'])

    await restoreTo(store, 'a', lines)
    expect(dir.snapshot()).toEqual({ ...whole, 'b/messages.jsonl': 'x\n' })
    expect(foldersIn(dir).sort()).toEqual(['a', 'b'])
  })

  it('let each other in: a single command next to two busy writers does not starve', async () => {
    const dir = testDir()
    const busy = [await start(dir, 'busy'), await start(dir, 'busy', 'slow')]
    await Promise.all(busy.map((child) => said(child, 'busy')))
    const store = await dir.open()
    const waits: number[] = []
    for (let n = 0; n < 40; n += 1) {
      const asked = performance.now()
      await locked(store, async () => waits.push(performance.now() - asked))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (const child of busy) child.send('stop')
    waits.sort((a, b) => a - b)
    // About 20 ms and 60 ms on a quiet machine; the limits leave room for a busy one.
    expect(waits[20]).toBeLessThan(300)
    expect(waits[39]).toBeLessThan(3000)
  })

  it('ask a holder to yield', async () => {
    const dir = testDir()
    const store = await dir.open()
    const writer = await store.lock(1000)
    const other = await start(dir, 'hold')
    const deadline = performance.now() + 20_000
    while (!writer.shouldYield() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 3))
    expect(writer.shouldYield()).toBe(true)
    writer.release()
    await said(other, 'held')
  })

  it('stay apart when the lock file is overwritten while one of them holds it', async () => {
    const dir = testDir()
    const holder = await start(dir, 'hold')
    await said(holder, 'held')
    writeFileSync(path.join(dir.workstreamsDir, '.lock'), Buffer.alloc(9000, 'noise'))
    const store = await dir.open()
    expect(await failureOf(store.lock(50))).toMatchObject({ code: 'LOCK_TIMEOUT' })
    holder.send('go')
    await appendTo(store, appendEntry('a', 'messages', 'x'))
  })

  it('refuse to write once their lock file was deleted: another may hold the new one', async () => {
    const dir = testDir()
    const store = await dir.open()
    const writer = await store.lock(1000)
    rmSync(path.join(dir.workstreamsDir, '.lock'))
    const other = await start(dir, 'hold')
    await said(other, 'held')
    expect(await failureOf(writer.append([appendEntry('a', 'messages', 'x')]))).toMatchObject({
      code: 'LOG_WRITE_FAILED',
      details: { operation: 'lock', errno: 'ESTALE' },
    })
    writer.release()
    expect(await failureOf(store.lock(50))).toMatchObject({ code: 'LOCK_TIMEOUT' })
    other.send('go')
    await appendTo(store, appendEntry('a', 'messages', 'y'))
    expect(await textsOf(store, 'a', 'messages')).toEqual(['y'])
  })
})
