import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { followInPieces } from '@arawn/testkit/follow-in-pieces'
import { eventsInLogs, eventText } from '@arawn/testkit/logged-events'
import { expect, it, onTestFinished } from 'vitest'
import { openManager } from './opened.js'
import { processScript } from './process-script.js'
import { tempDataDir } from './temp-data-dir.js'

const run = promisify(execFile)

function start(name: string, ...args: string[]): ChildProcess {
  const child = fork(processScript(name), args, { stdio: 'inherit', execArgv: [] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

it('a follower that stops and goes on sees every line once and in order, whatever happens to writers and index', {
  timeout: 180_000,
}, async () => {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  for (const id of ['alpha', 'beta', 'gamma']) await manager.createWorkstream({ id })
  const other = await openManager(dataDir)
  const index = join(dataDir, 'index.db')
  const calm = start('busy-writer.mjs', dataDir, 'alpha')
  await once(calm, 'message')
  const followers = [manager, other].map(({ subscribe }) =>
    followInPieces(subscribe, 0, () => Math.ceil(Math.random() ** 4 * 3_000)),
  )
  for (let round = 0; round < 10; round++) {
    const writer = start('writer.mjs', dataDir, join(dataDir, `${round}.acks`), `w${round}`)
    await once(writer, 'message')
    await manager.sendMessage({ workstream: 'beta', content: `own ${round}` })
    await sleep(Math.random() * 800)
    if (round % 3 === 1) for (const suffix of ['', '-wal', '-shm']) rmSync(index + suffix, { force: true })
    if (round % 3 === 2) await other.rebuildIndex()
    writer.kill('SIGKILL')
    await once(writer, 'exit')
  }
  calm.send('stop')
  await once(calm, 'exit')
  const expected = eventsInLogs(join(dataDir, 'workstreams'))
  const seen = await Promise.all(followers.map((follower) => follower.finish(1_000, expected.length)))
  console.log(`${expected.length} events`)
  for (const each of seen) {
    expect(each.length).toBe(expected.length)
    // Whoever dies leaves lines that come late, but none from before.
    expect(each.filter(({ type }) => type === 'workstream.resync')).toEqual([])
    expect(each.findIndex((event, place) => eventText(event) !== expected[place])).toBe(-1)
  }
  expect((await manager.verify()).problems).toEqual([])
})

it('what one process says another hears in the same moment', { timeout: 60_000 }, async () => {
  const heard = await Promise.all([undefined, 'talk'].map(hearingTimes))
  for (const late of heard) {
    const at = (q: number) => late[Math.min(late.length - 1, Math.floor(q * late.length))] ?? Number.NaN
    console.log(`heard after ${at(0.5).toFixed(1)} ms (p50), ${at(0.99).toFixed(1)} ms (p99)`)
    expect(at(0.5)).toBeLessThan(300)
  }
})

/** How many milliseconds after it was sent each message of another process was heard, in order. */
async function hearingTimes(workstream: string | undefined): Promise<number[]> {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  await manager.createWorkstream({ id: 'talk' })
  const events = manager.subscribe({ workstream })
  const writer = start('timed-writer.mjs', dataDir, 'talk', '150', '25')
  const ended = once(writer, 'exit')
  const late: number[] = []
  for await (const event of events) {
    if (event.type !== 'message.created') continue
    late.push(performance.timeOrigin + performance.now() - Number(event.message.content))
    if (late.length === 150) break
  }
  await ended
  return late.sort((a, b) => a - b)
}

it('a slow reader holds a page, not a history', { timeout: 180_000 }, async () => {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  await manager.createWorkstream({ id: 'long' })
  const content = 'x'.repeat(1_000)
  const [count, half] = [100_000, 50_000]
  const send = async (many: number) => {
    for (let n = 0; n < many; n += 1_000)
      await Promise.all(Array.from({ length: 1_000 }, () => manager.sendMessage({ workstream: 'long', content })))
  }
  await send(half)
  // A history of some 120 MB, and a heap that cannot hold half of it.
  const reading = run(process.execPath, [
    '--max-old-space-size=48',
    processScript('slow-reader.mjs'),
    dataDir,
    String(count),
  ])
  await send(count - half)
  const { messages, inOrder, heapBytes } = JSON.parse((await reading).stdout)
  console.log(`a heap of ${(heapBytes / 1e6).toFixed(1)} MB for ${messages} messages`)
  expect([messages, inOrder]).toEqual([count, true])
})

it('to follow keeps no process alive', async () => {
  const dataDir = tempDataDir()
  const { stdout } = await run(process.execPath, [processScript('idle-follower.mjs'), dataDir], { timeout: 10_000 })
  expect(stdout).toBe('waited\n')
})
